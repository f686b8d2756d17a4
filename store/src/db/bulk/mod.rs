//! Reads a table of millions of rows in one snapshot.

mod postgres;
mod row;
mod sqlite;

use sqlx::PgPool;

pub(crate) use row::BulkRow;
pub(crate) use sqlite::SqliteFile;

use crate::{Error, Result};

/// The database to read. On SQLite, it is read over a connection that does not serve requests.
pub(crate) enum Bulk {
    Sqlite(SqliteFile),
    Postgres(PgPool),
}

impl Bulk {
    /// Runs a statement without parameters, converts each row, and passes the rows to `take` in batches. Reading stops
    /// when the caller stops waiting.
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
