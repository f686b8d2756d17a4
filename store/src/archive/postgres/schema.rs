//! What the database contains, and connections to it.

use sqlx::{AssertSqlSafe, Executor, PgConnection, PgPool};

use crate::Result;
use crate::archive::tables::{PROGRESS, TABLES, Table};

/// A receiver may be slow, and sorting a table or creating an index may take minutes.
const PATIENCE: &str =
    "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET enable_seqscan = on";
/// A connection that is not returned to the pool.
pub(super) async fn connect(pool: &PgPool) -> Result<PgConnection> {
    let mut conn = pool.acquire().await?.detach();
    conn.execute(PATIENCE).await?;
    Ok(conn)
}

pub(super) async fn tables(conn: &mut PgConnection) -> Result<Vec<Table>> {
    const SQL: &str = "SELECT column_name::text, data_type::text FROM information_schema.columns \
        WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER'";
    let mut tables = Vec::new();
    for archived in TABLES {
        let columns = sqlx::query_as(SQL).bind(archived.name).fetch_all(&mut *conn).await?;
        tables.push(Table::new(archived.name, columns)?);
    }
    Ok(tables)
}

pub(in crate::archive) async fn has_progress(pool: &PgPool) -> Result<bool> {
    exists(&mut *pool.acquire().await?).await
}

pub(super) async fn exists(conn: &mut PgConnection) -> Result<bool> {
    let sql = format!("SELECT to_regclass('{PROGRESS}') IS NOT NULL");
    let (exists,): (bool,) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(conn).await?;
    Ok(exists)
}
