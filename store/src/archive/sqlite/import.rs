//! Writes all rows.

use rusqlite::types::{ToSql, ToSqlOutput};
use rusqlite::{Connection, TransactionBehavior, params, params_from_iter};

use super::schema::{exists, tables};
use crate::archive::batch::{Batch, Part, Parts};
use crate::archive::indexes;
use crate::archive::progress::{Position, Progress};
use crate::archive::tables::{DROPPED_INDEXES, IS_IN_USE, PROGRESS, TABLES, Table};
use crate::archive::tally::Tally;
use crate::archive::value::Value;
use crate::db::SqliteFile;
use crate::{Error, Refusal, Result};

/// The number of a new owner revocation is larger than all that keys remember.
const CONTINUE_NUMBERS: &str = "DELETE FROM sqlite_sequence WHERE name = 'owner_ends'; \
    INSERT INTO sqlite_sequence (name, seq) SELECT 'owner_ends', max(COALESCE((SELECT max(number) FROM owner_ends), 0), \
    COALESCE((SELECT max(after_end) FROM keys), 0))";
/// Makes servers that have the database open read everything again.
const INVALIDATE: &str = "INSERT INTO changes (kind, subject) VALUES (3, x'')";

/// Writes the rows that are not there yet.
pub(in crate::archive) fn write(file: &SqliteFile, mut parts: Parts) -> Result<Tally> {
    let mut db = file.connect_to_write()?;
    let tables = tables(&db)?;
    let mut progress = Progress::new(begin(&mut db, &tables)?);
    loop {
        match parts.blocking_recv().ok_or(Refusal::CutOff)?? {
            Part::End => return progress.end(),
            Part::Rows(batch) => {
                let Some((before, after)) = progress.advance(&batch)? else { continue };
                let table =
                    tables.get(batch.table).ok_or_else(|| Error::Corrupt("no such table".to_owned()))?;
                write_batch(&mut db, table, &batch, &before, &after)?;
            }
        }
    }
}

/// Prepares an empty database, or finds where an earlier run stopped.
fn begin(db: &mut Connection, tables: &[Table]) -> Result<Position> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if exists(&tx, PROGRESS)? {
        return reached(&tx);
    }
    if tx.query_row(IS_IN_USE, (), |row| row.get(0))? {
        return Err(Refusal::NotEmpty.into());
    }
    // A new database contains the setup link and the row of a migration.
    for table in tables.iter().rev().filter(|table| table.exists()) {
        tx.execute(&format!("DELETE FROM {}", table.name), ())?;
    }
    let start = Position::start();
    tx.execute_batch(&format!("CREATE TABLE {PROGRESS} (row_count BIGINT NOT NULL, digest BLOB NOT NULL)"))?;
    let insert = format!("INSERT INTO {PROGRESS} (row_count, digest) VALUES ($1, $2)");
    tx.execute(&insert, params![start.stored_rows(), start.digest])?;
    drop_indexes(&tx)?;
    tx.commit()?;
    Ok(start)
}

fn drop_indexes(db: &Connection) -> Result<()> {
    db.execute_batch(&indexes::make_list())?;
    for table in TABLES {
        let mut statement = db.prepare(indexes::LIST.sqlite)?;
        let found = statement.query_map([table.name], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let found: Vec<(String, String)> = found.collect::<rusqlite::Result<_>>()?;
        for (name, sql) in found {
            db.execute(&indexes::remember(), [&name, &sql])?;
            db.execute_batch(&format!("DROP INDEX {name}"))?;
        }
    }
    Ok(())
}

fn reached(db: &Connection) -> Result<Position> {
    let sql = format!("SELECT row_count, digest FROM {PROGRESS}");
    let (rows, digest): (i64, Vec<u8>) = db.query_row(&sql, (), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let digest = digest.try_into().map_err(|_| Refusal::Progress)?;
    Ok(Position { rows: rows.cast_unsigned(), digest })
}

/// Refuses to go on if another process has filled and opened the database meanwhile.
fn require_progress(db: &Connection) -> Result<()> {
    if exists(db, PROGRESS)? { Ok(()) } else { Err(Refusal::Busy.into()) }
}

fn write_batch(
    db: &mut Connection,
    table: &Table,
    batch: &Batch,
    before: &Position,
    after: &Position,
) -> Result<()> {
    let places = (1..=table.columns.len()).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ");
    let insert = format!("INSERT INTO {} ({}) VALUES ({places})", table.name, table.column_list());
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    require_progress(&tx)?;
    let advance = format!("UPDATE {PROGRESS} SET row_count = $1, digest = $2 WHERE row_count = $3");
    if tx.execute(&advance, params![after.stored_rows(), after.digest, before.stored_rows()])? != 1 {
        return Err(Refusal::Busy.into());
    }
    let mut statement = tx.prepare(&insert)?;
    for row in batch.values(table)? {
        statement.execute(params_from_iter(row))?;
    }
    drop(statement);
    Ok(tx.commit()?)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Null => Ok(ToSqlOutput::Owned(rusqlite::types::Value::Null)),
            Self::Integer(number) => number.to_sql(),
            Self::Boolean(value) => value.to_sql(),
            Self::Text(text) => text.to_sql(),
            Self::Bytes(bytes) => bytes.to_sql(),
        }
    }
}

/// Creates the indexes again and opens the database to others, in one transaction.
pub(in crate::archive) fn finish(file: &SqliteFile) -> Result<()> {
    let mut db = file.connect_to_write()?;
    // Everything that was written is flushed to the disk before the import counts as finished.
    db.pragma_update(None, "synchronous", "FULL")?;
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    require_progress(&tx)?;
    let statements: Vec<String> = tx
        .prepare(&indexes::remembered())?
        .query_map((), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for statement in statements {
        tx.execute_batch(&statement)?;
    }
    tx.execute_batch(CONTINUE_NUMBERS)?;
    tx.execute_batch(INVALIDATE)?;
    tx.execute_batch(&format!("DROP TABLE {PROGRESS}; DROP TABLE {DROPPED_INDEXES}"))?;
    tx.commit()?;
    Ok(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))?)
}
