//! The tables of an archive and their columns.

use crate::{Error, Result};

/// A table, and the columns that no two rows share and that order its rows.
pub(super) struct ArchivedTable {
    pub name: &'static str,
    pub key: &'static [&'static str],
}

const fn table(name: &'static str, key: &'static [&'static str]) -> ArchivedTable {
    ArchivedTable { name, key }
}

/// The tables in an order in which rows can be added: what a row refers to comes first.
pub(super) const TABLES: &[ArchivedTable] = &[
    table("organizations", &["organization_id"]),
    table("accounts", &["account_id"]),
    table("users", &["user_id"]),
    table("user_terms", &["organization_id", "term", "user_id"]),
    table("sessions", &["session_id"]),
    table("links", &["token_hash"]),
    table("service_accounts", &["service_account_id"]),
    table("service_account_terms", &["organization_id", "term", "service_account_id"]),
    table("keys", &["key_id"]),
    table("key_terms", &["organization_id", "status", "term", "key_id"]),
    table(TOTALS, &["organization_id", "part"]),
    table("earlier_secrets", &["key_hash"]),
    table("audit_events", &["number"]),
    table("owner_ends", &["number"]),
    table("usage_hours", &["subject_id", "starts_at", "outcome"]),
    table("usage_days", &["subject_id", "starts_at", "outcome"]),
    table("usage_endpoints", &["key_id", "starts_at", "method", "path"]),
    table("kept_answers", &["answer_id"]),
    table("gateways", &["gateway_id"]),
    table("uncounted_sign_ins", &["slot"]),
];

/// PostgreSQL spreads each total over several slots. An archive contains their sum in slot 0.
pub(super) const TOTALS: &str = "key_totals";

/// Tables that are not archived. A database begins its own log of invalidations, and its own lists of the servers that
/// use it and of migrations.
pub const LEFT_OUT: [&str; 5] = ["changes", "nodes", "_sqlx_migrations", PROGRESS, DROPPED_INDEXES];

/// The progress of an unfinished import.
pub(crate) const PROGRESS: &str = "_keystead_import";
/// The indexes that an unfinished import has to create again.
pub(super) const DROPPED_INDEXES: &str = "_keystead_import_indexes";

/// The names of the archived tables, in the order of the archive.
pub fn table_names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.name)
}

/// Whether there is something that an import would mix with its rows. The tables exist.
pub(super) const IS_IN_USE: &str =
    "SELECT EXISTS (SELECT 1 FROM organizations) OR EXISTS (SELECT 1 FROM accounts)";

/// A table of an open database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    /// Without generated columns, in the order of their names: the databases have the same columns in different orders.
    pub columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Integer,
    Boolean,
    Text,
    Bytes,
}

impl Table {
    /// Makes a table of names and types of columns, as the database reports them. A table that the schema of the
    /// database does not have yet has no columns.
    pub(super) fn new(name: &'static str, columns: Vec<(String, String)>) -> Result<Self> {
        let column = |(column, kind): (String, String)| match Kind::of(&kind) {
            Some(kind) => Ok(Column { name: column, kind }),
            None => Err(Error::Corrupt(format!("the column {name}.{column} of the unknown type {kind}"))),
        };
        let mut columns = columns.into_iter().map(column).collect::<Result<Vec<_>>>()?;
        columns.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Self { name, columns })
    }

    /// Whether the schema of the database has this table.
    pub fn exists(&self) -> bool {
        !self.columns.is_empty()
    }

    /// The names of the columns, for a statement.
    pub(super) fn column_list(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl Kind {
    fn of(database_type: &str) -> Option<Self> {
        match database_type.to_ascii_lowercase().as_str() {
            "integer" | "bigint" | "smallint" => Some(Self::Integer),
            "boolean" => Some(Self::Boolean),
            "text" => Some(Self::Text),
            "blob" | "bytea" => Some(Self::Bytes),
            _ => None,
        }
    }
}
