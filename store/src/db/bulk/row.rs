//! The rows of the bulk reader.

use sqlx::postgres::PgRow;

/// Rows per batch.
pub(super) const BATCH: usize = 1000;

/// A row that both drivers can read.
pub(crate) trait BulkRow: for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin {
    /// Reads the columns in the order of the statement.
    fn from_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self>;
}
