//! Writes a backup.

use std::io::{Error, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use store::Refusal;
use store::archive::{Part, Parts, Tally, table_names};

use super::encryption::Encrypting;
use super::format::{Header, Line, row_counts};
use super::passphrase::Passphrase;
use super::progress::Progress;
use super::trailer::TrailerWriter;

/// Higher levels need several times as long and save little, because most of a backup is random.
const LEVEL: Compression = Compression::new(3);

/// Why writing stopped.
pub(super) enum Stopped {
    Unwritten(Error),
    Source(store::Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Unwritten(error)
    }
}

/// Writes all rows of a source. Returns the output and what was written.
pub(super) fn write<W: Write>(
    header: &Header,
    mut parts: Parts,
    out: W,
    passphrase: Option<&Passphrase>,
    progress: &Progress,
) -> Result<(W, Tally), Stopped> {
    let mut out = GzEncoder::new(TrailerWriter::new(Encrypting::new(out, passphrase)?), LEVEL);
    write_line(&mut out, header)?;
    let (mut table, mut tally) = (None, Tally::default());
    loop {
        match parts.blocking_recv() {
            None => return Err(Stopped::Source(Refusal::CutOff.into())),
            Some(Err(error)) => return Err(Stopped::Source(error)),
            Some(Ok(Part::End)) => break,
            Some(Ok(Part::Rows(_))) if progress.is_stopped() => {
                return Err(Error::other("it was stopped").into());
            }
            Some(Ok(Part::Rows(batch))) => {
                if table != Some(batch.table) {
                    table = Some(batch.table);
                    let name = table_names().nth(batch.table).unwrap_or_default();
                    write_line(&mut out, &Line::Table { table: name.to_owned() })?;
                }
                out.write_all(&batch.lines)?;
                tally.add(&batch);
                progress.add(batch.rows);
            }
        }
    }
    write_line(&mut out, &Line::Footer { rows: row_counts(&tally) })?;
    Ok((out.finish()?.end()?.end()?, tally))
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> Result<(), Error> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
