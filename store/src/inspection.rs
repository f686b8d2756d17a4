//! What an operator wants to know about a database before anything is changed: its version, its schema, its clock, and
//! whether it is whole. Nothing here writes.

use model::Timestamp;

use crate::Result;
use crate::archive::PROGRESS;
use crate::db::{BuiltStatement, Connection, PerDatabase, Reader, run};

/// The version of SQLite or PostgreSQL.
pub async fn version(db: &mut impl Connection) -> Result<String> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT sqlite_version()",
        postgres: "SELECT current_setting('server_version')",
    };
    Ok(run!(db, SQL, [], fetch_one::<(String,)>)?.0)
}

/// The number of the newest migration in the database.
pub async fn schema(db: &mut impl Connection) -> Result<i64> {
    const SQL: &str = "SELECT COALESCE(max(version), 0) FROM _sqlx_migrations";
    Ok(run!(db, SQL, [], fetch_one::<(i64,)>)?.0)
}

/// The time of the database. `None` on SQLite, which has the clock of this machine.
pub async fn clock(db: &mut impl Connection) -> Result<Option<Timestamp>> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT NULL",
        postgres: "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::BIGINT",
    };
    Ok(run!(db, SQL, [], fetch_one::<(Option<i64>,)>)?.0.map(Timestamp::from_micros))
}

/// When the latest audit record was written, by the clock of that time.
pub async fn latest_record(db: &mut impl Connection) -> Result<Option<Timestamp>> {
    const SQL: &str = "SELECT happened_at FROM audit_events ORDER BY number DESC LIMIT 1";
    Ok(run!(db, SQL, [], fetch_optional::<(i64,)>)?.map(|(at,)| Timestamp::from_micros(at)))
}

/// Whether a restore or a copy into the database was begun and not finished.
pub async fn is_import_unfinished(db: &mut impl Connection) -> Result<bool> {
    let sql = BuiltStatement {
        sqlite: format!(
            "SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = '{PROGRESS}'"
        ),
        postgres: format!("SELECT to_regclass('{PROGRESS}') IS NOT NULL"),
    };
    Ok(run!(db, sql, [], fetch_one::<(bool,)>)?.0)
}

/// What is wrong with the pages of a SQLite file, if anything. This reads the whole file. PostgreSQL checks its own.
pub async fn damage(db: &mut Reader) -> Result<Option<String>> {
    const SQL: PerDatabase = PerDatabase { sqlite: "PRAGMA quick_check(1)", postgres: "SELECT 'ok'" };
    let (found,) = run!(db, SQL, [], fetch_one::<(String,)>)?;
    Ok((found != "ok").then_some(found))
}
