//! Reads all rows.

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Executor, PgConnection, PgPool, Row};

use super::schema::{connect, tables};
use crate::Result;
use crate::archive::batch::{Batch, Part, PartsSender};
use crate::archive::select::select_from_postgres;
use crate::archive::tables::{Column, Kind, TABLES, Table};
use crate::archive::value::ValueRef;

/// Rows of a statement that reads.
const FETCH: &str = "FETCH 1000 FROM archive";
/// An open read transaction.
pub(in crate::archive) struct Snapshot {
    conn: PgConnection,
    pub schema: i64,
    pub tables: Vec<Table>,
}

impl Snapshot {
    pub async fn open(pool: &PgPool) -> Result<Self> {
        let mut conn = connect(pool).await?;
        conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let sql = "SELECT max(version) FROM _sqlx_migrations";
        let (schema,): (i64,) = sqlx::query_as(sql).fetch_one(&mut conn).await?;
        let tables = tables(&mut conn).await?;
        Ok(Self { conn, schema, tables })
    }

    /// Sends all rows, or the error. If sending fails, nobody needs the rows any more.
    pub async fn send(mut self, sender: PartsSender) {
        let end = self.send_rows(&sender).await.map(|()| Part::End);
        let _ = sender.send(end).await;
    }

    async fn send_rows(&mut self, sender: &PartsSender) -> Result<()> {
        for (number, (archived, table)) in TABLES.iter().zip(&self.tables).enumerate() {
            if !table.exists() {
                continue;
            }
            let declare =
                format!("DECLARE archive NO SCROLL CURSOR FOR {}", select_from_postgres(archived, table));
            self.conn.execute(AssertSqlSafe(declare)).await?;
            let mut batch = Batch::of(number);
            loop {
                // Not kept as a prepared statement, because each cursor has other columns.
                let rows = sqlx::query(FETCH).persistent(false).fetch_all(&mut self.conn).await?;
                for row in &rows {
                    batch.push_row(|line| write_row(row, &table.columns, line))?;
                    if batch.is_full() && sender.send(Ok(Part::Rows(batch.take()))).await.is_err() {
                        return Ok(());
                    }
                }
                if rows.is_empty() {
                    break;
                }
            }
            if batch.rows > 0 && sender.send(Ok(Part::Rows(batch))).await.is_err() {
                return Ok(());
            }
            self.conn.execute("CLOSE archive").await?;
        }
        Ok(())
    }
}

fn write_row(row: &PgRow, columns: &[Column], line: &mut Vec<u8>) -> Result<()> {
    for (number, column) in columns.iter().enumerate() {
        if number > 0 {
            line.push(b',');
        }
        let value = match column.kind {
            Kind::Integer => row.try_get::<Option<i64>, _>(number)?.map(ValueRef::Integer),
            Kind::Boolean => row.try_get::<Option<bool>, _>(number)?.map(ValueRef::Boolean),
            Kind::Text => row.try_get::<Option<&str>, _>(number)?.map(ValueRef::Text),
            Kind::Bytes => row.try_get::<Option<&[u8]>, _>(number)?.map(ValueRef::Bytes),
        };
        value.unwrap_or(ValueRef::Null).write(line)?;
    }
    Ok(())
}
