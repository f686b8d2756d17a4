//! Reads PostgreSQL with a cursor. Each batch is a statement of its own, so that none reaches the time limit of
//! statements.

use sqlx::{AssertSqlSafe, PgPool, SqlSafeStr};

use super::row::{BATCH, BulkRow};
use crate::db::pooled_connection::{PooledConnection, answer};
use crate::{Error, Result};

/// Allows sequential scans, which connections otherwise avoid. Without them, a statement that reads all rows would
/// follow an index and read the table in random order.
const SCAN: &str = "SET LOCAL enable_seqscan = on";

pub(super) async fn each<R, T>(pool: &PgPool, sql: &'static str, mut take: impl FnMut(Vec<T>)) -> Result<()>
where
    R: BulkRow,
    T: TryFrom<R, Error = Error>,
{
    let declare = format!("DECLARE bulk NO SCROLL CURSOR FOR {sql}");
    let fetch = AssertSqlSafe(format!("FETCH {BATCH} FROM bulk")).into_sql_str();
    let mut connection = PooledConnection::begin(pool).await?;
    connection.execute(SCAN).await?;
    connection.execute(AssertSqlSafe(declare)).await?;
    loop {
        let rows = answer(sqlx::query_as::<_, R>(fetch.clone()).fetch_all(connection.conn())).await;
        let rows = match rows.map_err(Error::from) {
            Ok(rows) => rows,
            Err(error) => {
                connection.failed(&error);
                return Err(error);
            }
        };
        connection.answered();
        let is_last = rows.len() < BATCH;
        take(rows.into_iter().map(T::try_from).collect::<Result<_>>()?);
        if is_last {
            return connection.commit().await;
        }
    }
}
