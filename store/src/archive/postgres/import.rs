//! Writes all rows.

use sqlx::{AssertSqlSafe, Executor, PgConnection, PgPool, SqlSafeStr};

use super::lists::{columns, sql_type};
use super::schema::{connect, exists, tables};
use crate::archive::batch::{Batch, Part, Parts};
use crate::archive::indexes;
use crate::archive::progress::{Position, Progress};
use crate::archive::tables::{DROPPED_INDEXES, IS_IN_USE, PROGRESS, TABLES, Table};
use crate::archive::tally::Tally;
use crate::{Error, Refusal, Result};

/// The number of a new owner revocation is larger than all that keys remember.
const CONTINUE_NUMBERS: &str = "SELECT setval(pg_get_serial_sequence('owner_ends', 'number'), GREATEST(1, \
        (SELECT max(number) FROM owner_ends), (SELECT max(after_end) FROM keys))), \
    setval(pg_get_serial_sequence('audit_events', 'number'), GREATEST(1, (SELECT max(number) FROM audit_events)))";
/// Makes servers that have the database open read everything again.
const INVALIDATE: &str = "INSERT INTO changes (kind, subject) VALUES (3, '')";

/// Writes the rows that are not there yet.
pub(in crate::archive) async fn write(pool: &PgPool, mut parts: Parts) -> Result<Tally> {
    let mut conn = connect(pool).await?;
    let tables = tables(&mut conn).await?;
    let mut progress = Progress::new(begin(&mut conn, &tables).await?);
    loop {
        match parts.recv().await.ok_or(Refusal::CutOff)?? {
            Part::End => return progress.end(),
            Part::Rows(batch) => {
                let Some((before, after)) = progress.advance(&batch)? else { continue };
                let table =
                    tables.get(batch.table).ok_or_else(|| Error::Corrupt("no such table".to_owned()))?;
                write_batch(&mut conn, table, &batch, &before, &after).await?;
            }
        }
    }
}

/// Prepares an empty database, or finds where an earlier run stopped. An error drops the connection, which rolls back.
async fn begin(conn: &mut PgConnection, tables: &[Table]) -> Result<Position> {
    if exists(conn, PROGRESS).await? {
        let sql = format!("SELECT row_count, digest FROM {PROGRESS}");
        let (rows, digest): (i64, Vec<u8>) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(conn).await?;
        let digest = digest.try_into().map_err(|_| Refusal::Progress)?;
        return Ok(Position { rows: rows.cast_unsigned(), digest });
    }
    conn.execute("BEGIN").await?;
    // Nobody else can bootstrap or begin an import until this transaction ends.
    conn.execute("LOCK TABLE organizations, accounts IN ACCESS EXCLUSIVE MODE").await?;
    let (is_in_use,): (bool,) = sqlx::query_as(IS_IN_USE).fetch_one(&mut *conn).await?;
    if is_in_use {
        return Err(Refusal::NotEmpty.into());
    }
    // A new database contains the setup link and the row of a migration.
    for table in tables.iter().rev().filter(|table| table.exists()) {
        conn.execute(AssertSqlSafe(format!("DELETE FROM {}", table.name))).await?;
    }
    let start = Position::start();
    let create = format!("CREATE TABLE {PROGRESS} (row_count BIGINT NOT NULL, digest BYTEA NOT NULL)");
    conn.execute(AssertSqlSafe(create)).await?;
    let insert = AssertSqlSafe(format!("INSERT INTO {PROGRESS} (row_count, digest) VALUES ($1, $2)"));
    sqlx::query(insert).bind(start.stored_rows()).bind(&start.digest[..]).execute(&mut *conn).await?;
    drop_indexes(conn).await?;
    conn.execute("COMMIT").await?;
    Ok(start)
}

async fn drop_indexes(conn: &mut PgConnection) -> Result<()> {
    conn.execute(AssertSqlSafe(indexes::make_list())).await?;
    for table in TABLES {
        let found: Vec<(String, String)> =
            sqlx::query_as(indexes::LIST.postgres).bind(table.name).fetch_all(&mut *conn).await?;
        for (name, sql) in found {
            sqlx::query(AssertSqlSafe(indexes::remember()))
                .bind(&name)
                .bind(&sql)
                .execute(&mut *conn)
                .await?;
            conn.execute(AssertSqlSafe(format!("DROP INDEX {name}"))).await?;
        }
    }
    Ok(())
}

/// Refuses to go on if another process has filled and opened the database meanwhile.
async fn require_progress(conn: &mut PgConnection) -> Result<()> {
    if exists(conn, PROGRESS).await? { Ok(()) } else { Err(Refusal::Busy.into()) }
}

async fn write_batch(
    conn: &mut PgConnection,
    table: &Table,
    batch: &Batch,
    before: &Position,
    after: &Position,
) -> Result<()> {
    conn.execute("BEGIN").await?;
    require_progress(conn).await?;
    let advance = format!("UPDATE {PROGRESS} SET row_count = $1, digest = $2 WHERE row_count = $3");
    let advance = sqlx::query(AssertSqlSafe(advance)).bind(after.stored_rows()).bind(&after.digest[..]);
    if advance.bind(before.stored_rows()).execute(&mut *conn).await?.rows_affected() != 1 {
        return Err(Refusal::Busy.into());
    }
    let lists =
        (1..).zip(&table.columns).map(|(number, column)| format!("${number}::{}[]", sql_type(column.kind)));
    let insert = format!(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT * FROM UNNEST({})",
        table.name,
        table.column_list(),
        lists.collect::<Vec<_>>().join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(insert).into_sql_str());
    for list in columns(table, batch.values(table)?) {
        query = list.bind(query);
    }
    query.execute(&mut *conn).await?;
    conn.execute("COMMIT").await?;
    Ok(())
}

/// Creates the indexes again and opens the database to others, in one transaction.
pub(in crate::archive) async fn finish(pool: &PgPool) -> Result<()> {
    let mut conn = connect(pool).await?;
    conn.execute("BEGIN").await?;
    require_progress(&mut conn).await?;
    let remembered = AssertSqlSafe(indexes::remembered());
    let statements: Vec<(String,)> = sqlx::query_as(remembered).fetch_all(&mut conn).await?;
    for (statement,) in statements {
        conn.execute(AssertSqlSafe(statement)).await?;
    }
    conn.execute(CONTINUE_NUMBERS).await?;
    conn.execute(INVALIDATE).await?;
    conn.execute(AssertSqlSafe(format!("DROP TABLE {PROGRESS}, {DROPPED_INDEXES}"))).await?;
    conn.execute("COMMIT").await?;
    conn.execute("ANALYZE").await?;
    Ok(())
}
