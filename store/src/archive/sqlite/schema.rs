//! What the database contains.

use rusqlite::{Connection, OptionalExtension};

use crate::Result;
use crate::archive::tables::{ArchivedTable, IS_IN_USE, PROGRESS, TABLES, Table};
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

/// Whether an import would be refused because of what the database contains.
pub(in crate::archive) fn is_in_use(file: &SqliteFile) -> Result<bool> {
    let db = file.connect()?;
    let is_new = exists(&db, PROGRESS)? || !exists(&db, "organizations")?;
    Ok(!is_new && db.query_row(IS_IN_USE, (), |row| row.get(0))?)
}

pub(super) fn exists(db: &Connection, table: &str) -> Result<bool> {
    const SQL: &str = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1";
    Ok(db.query_row(SQL, [table], |_| Ok(())).optional()?.is_some())
}
