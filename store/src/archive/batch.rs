//! Rows on their way from a source to a target, many at a time.

use tokio::sync::mpsc;

use super::tables::Table;
use super::value::Value;
use crate::{Error, Result};

/// The largest number of rows in a batch.
const ROWS_MAX: u64 = 1000;
/// A batch is full when its lines have this many bytes, so that a few large rows do not fill the memory.
const BYTES_MAX: usize = 1024 * 1024;
/// How many batches may be read ahead of the receiver.
const AHEAD: usize = 2;

/// Rows of one table, as lines of JSON. The same rows always become the same batches, wherever they come from, so that
/// an interrupted import finds the place where it stopped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The number of the table in [`super::table_names`].
    pub table: usize,
    pub rows: u64,
    /// One line for each row: a list of values in the order of the table's columns.
    pub lines: Vec<u8>,
}

impl Batch {
    pub fn of(table: usize) -> Self {
        Self { table, ..Self::default() }
    }

    /// Adds a row that is a line of JSON.
    pub fn push_line(&mut self, line: &[u8]) {
        self.lines.extend_from_slice(line);
        self.lines.push(b'\n');
        self.rows += 1;
    }

    /// Adds a row. `write` adds its values, separated by commas.
    pub(super) fn push_row(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<()> {
        self.lines.push(b'[');
        write(&mut self.lines)?;
        self.lines.extend_from_slice(b"]\n");
        self.rows += 1;
        Ok(())
    }

    pub fn is_full(&self) -> bool {
        self.rows >= ROWS_MAX || self.lines.len() >= BYTES_MAX
    }

    /// Takes the rows and leaves an empty batch of the same table.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::replace(self, Self::of(self.table))
    }

    /// Reads the rows. Each has a value of the right kind for every column of the table.
    pub(super) fn values(&self, table: &Table) -> Result<Vec<Vec<Value>>> {
        let read = |line| -> Result<Vec<Value>> {
            let no_row =
                |why: String| Error::Corrupt(format!("a line that is no row of {}: {why}", table.name));
            let row: Vec<Value> = serde_json::from_slice(line).map_err(|error| no_row(error.to_string()))?;
            if row.len() != table.columns.len() || !table.exists() {
                return Err(no_row("another number of columns".to_owned()));
            }
            row.iter().zip(&table.columns).try_for_each(|(value, column)| value.check(column))?;
            Ok(row)
        };
        row_lines(&self.lines).map(read).collect()
    }
}

/// The lines of a batch, one for each row.
pub fn row_lines(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

/// What a source sends.
#[derive(Debug)]
pub enum Part {
    Rows(Batch),
    /// All rows were sent. Without it, the source has stopped early.
    End,
}

/// The receiving and the sending end of a source's rows.
pub type Parts = mpsc::Receiver<Result<Part>>;
pub type PartsSender = mpsc::Sender<Result<Part>>;

pub fn channel() -> (PartsSender, Parts) {
    mpsc::channel(AHEAD)
}
