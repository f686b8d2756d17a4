//! Reads all rows.

use rusqlite::Connection;
use rusqlite::types::ValueRef as Stored;

use super::schema::tables;
use crate::archive::batch::{Batch, Part, PartsSender};
use crate::archive::select::select_from_sqlite;
use crate::archive::tables::{ArchivedTable, Column, Kind, TABLES, Table};
use crate::archive::value::ValueRef;
use crate::db::SqliteFile;
use crate::{Error, Result};

/// An open read transaction.
pub(in crate::archive) struct Snapshot {
    db: Connection,
    pub schema: i64,
    pub tables: Vec<Table>,
}

impl Snapshot {
    pub fn open(file: &SqliteFile) -> Result<Self> {
        let db = file.connect()?;
        db.execute_batch("BEGIN")?;
        let schema = db.query_row("SELECT max(version) FROM _sqlx_migrations", (), |row| row.get(0))?;
        let tables = tables(&db)?;
        Ok(Self { db, schema, tables })
    }

    /// Sends all rows, or the error. If sending fails, nobody needs the rows any more.
    pub fn send(self, sender: &PartsSender) {
        let end = self.send_rows(sender).map(|()| Part::End);
        let _ = sender.blocking_send(end);
    }

    fn send_rows(&self, sender: &PartsSender) -> Result<()> {
        for (number, (archived, table)) in TABLES.iter().zip(&self.tables).enumerate() {
            if !table.exists() {
                continue;
            }
            let mut statement = self.db.prepare(&select_from_sqlite(archived, table))?;
            let mut rows = statement.query(())?;
            let mut batch = Batch::of(number);
            while let Some(row) = rows.next()? {
                batch.push_row(|line| write_row(row, archived, &table.columns, line))?;
                if batch.is_full() && sender.blocking_send(Ok(Part::Rows(batch.take()))).is_err() {
                    return Ok(());
                }
            }
            if batch.rows > 0 && sender.blocking_send(Ok(Part::Rows(batch))).is_err() {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn write_row(
    row: &rusqlite::Row<'_>,
    archived: &ArchivedTable,
    columns: &[Column],
    line: &mut Vec<u8>,
) -> Result<()> {
    for (number, column) in columns.iter().enumerate() {
        if number > 0 {
            line.push(b',');
        }
        let wrong = || Error::Corrupt(format!("another kind of value in {}.{}", archived.name, column.name));
        let value = match (column.kind, row.get_ref(number)?) {
            (_, Stored::Null) => ValueRef::Null,
            (Kind::Integer, Stored::Integer(number)) => ValueRef::Integer(number),
            (Kind::Boolean, Stored::Integer(number @ (0 | 1))) => ValueRef::Boolean(number == 1),
            (Kind::Text, Stored::Text(text)) => ValueRef::Text(str::from_utf8(text).map_err(|_| wrong())?),
            (Kind::Bytes, Stored::Blob(bytes)) => ValueRef::Bytes(bytes),
            _ => return Err(wrong()),
        };
        value.write(line)?;
    }
    Ok(())
}
