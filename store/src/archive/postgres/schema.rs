//! What the database contains, and connections to it.

use sqlx::{Executor, PgConnection, PgPool};

use crate::Result;
use crate::archive::tables::{IS_IN_USE, PROGRESS, TABLES, Table};

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
    exists(&mut *pool.acquire().await?, PROGRESS).await
}

/// Whether an import would be refused because of what the database contains.
pub(in crate::archive) async fn is_in_use(pool: &PgPool) -> Result<bool> {
    let mut conn = pool.acquire().await?;
    if exists(&mut conn, PROGRESS).await? || !exists(&mut conn, "organizations").await? {
        return Ok(false);
    }
    let (is_in_use,): (bool,) = sqlx::query_as(IS_IN_USE).fetch_one(&mut *conn).await?;
    Ok(is_in_use)
}

pub(super) async fn exists(conn: &mut PgConnection, table: &str) -> Result<bool> {
    const SQL: &str = "SELECT to_regclass($1) IS NOT NULL";
    let (exists,): (bool,) = sqlx::query_as(SQL).bind(table).fetch_one(conn).await?;
    Ok(exists)
}
