//! Reading a table of millions of rows, as of one moment.

mod postgres;
mod sqlite;

use sqlx::PgPool;
use sqlx::postgres::PgRow;

pub(super) use sqlite::SqliteFile;

use crate::{Error, Result};

/// Rows that are handed over at a time.
const BATCH: usize = 1000;

/// Where the rows are read from, past the connections that serve requests.
pub(crate) enum Bulk {
    Sqlite(SqliteFile),
    Postgres(PgPool),
}

/// A row that both drivers can read.
pub(crate) trait BulkRow: for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin {
    /// Reads the columns in the order of the statement.
    fn from_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self>;
}

impl Bulk {
    /// Gives away what is made of each row of a statement without parameters, many rows at a time. Reading ends when
    /// nobody waits for it any more.
    pub(crate) async fn each<R, T>(self, sql: &'static str, take: impl FnMut(Vec<T>)) -> Result<()>
    where
        R: BulkRow,
        T: TryFrom<R, Error = Error> + Send + 'static,
    {
        match self {
            Self::Sqlite(file) => file.each(sql, |row| R::from_sqlite(row)?.try_into(), take).await,
            Self::Postgres(pool) => postgres::each::<R, T>(&pool, sql, take).await,
        }
    }
}
