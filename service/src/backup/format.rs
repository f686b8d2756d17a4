//! The lines of a backup: a header, then for each table a line that names it and one line for each of its rows, and a
//! footer. Lines of rows are lists, and all others are objects.

use std::collections::BTreeMap;

use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::archive::{Export, Table, Tally};

/// The number of this format. A reader refuses a larger one.
pub(super) const FORMAT: u32 = 1;

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Header {
    pub keystead_backup: u32,
    /// The version of Keystead that made the backup.
    pub version: String,
    /// The number of the newest migration of the database.
    pub schema: i64,
    pub created_at: Timestamp,
    /// `sqlite` or `postgres`.
    pub database: String,
    pub tables: Vec<HeaderTable>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HeaderTable {
    pub name: String,
    pub columns: Vec<String>,
}

/// The part of the first line that every format has.
#[derive(Deserialize)]
pub(super) struct AnyHeader {
    pub keystead_backup: u32,
}

/// A line that is no row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    Table { table: String },
    Footer { rows: BTreeMap<String, u64> },
}

impl Header {
    pub fn new(export: &Export, created_at: Timestamp) -> Self {
        Self {
            keystead_backup: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            schema: export.schema,
            created_at,
            database: export.database.to_owned(),
            tables: HeaderTable::list(&export.tables),
        }
    }
}

impl HeaderTable {
    /// The tables that a database has.
    pub fn list(tables: &[Table]) -> Vec<Self> {
        let tables = tables.iter().filter(|table| table.exists());
        let columns = |table: &Table| table.columns.iter().map(|column| column.name.clone()).collect();
        tables.map(|table| Self { name: table.name.to_owned(), columns: columns(table) }).collect()
    }
}

/// The number of rows of each table.
pub(super) fn row_counts(tally: &Tally) -> BTreeMap<String, u64> {
    tally.tables().into_iter().map(|table| (table.name.to_owned(), table.rows)).collect()
}
