//! What the database contains.

use rusqlite::{Connection, OptionalExtension};

use crate::Result;
use crate::archive::tables::{ArchivedTable, PROGRESS, TABLES, Table};
use crate::db::SqliteFile;

pub(super) fn tables(db: &Connection) -> Result<Vec<Table>> {
    // Only visible columns have 0: the others are generated.
    let mut statement = db.prepare("SELECT name, type FROM pragma_table_xinfo($1) WHERE hidden = 0")?;
    let mut table = |archived: &ArchivedTable| {
        let columns = statement.query_map([archived.name], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Table::new(archived.name, columns.collect::<rusqlite::Result<_>>()?)
    };
    TABLES.iter().map(&mut table).collect()
}

pub(in crate::archive) fn has_progress(file: &SqliteFile) -> Result<bool> {
    exists(&file.connect()?, PROGRESS)
}

pub(super) fn exists(db: &Connection, table: &str) -> Result<bool> {
    const SQL: &str = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1";
    Ok(db.query_row(SQL, [table], |_| Ok(())).optional()?.is_some())
}
