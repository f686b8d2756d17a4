//! Migrations, embedded in the program. Each is a pair of files with the same number and name, one for each database.

use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};
use sqlx::{AssertSqlSafe, Connection, Executor, PgPool, SqliteConnection};
use tokio::time::sleep;

use super::schema_rights;
use super::writer::{BUSY_WAIT, SharedWriter, WAIT_MAX};
use crate::{Error, Result};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");
/// The table in which both databases record the applied migrations.
const TABLE: &str = "_sqlx_migrations";
/// How long a migration waits for a lock on PostgreSQL. While it waits, everybody who needs the same table waits behind
/// it, and it keeps the locks that it has. Shorter than `deadlock_timeout` (1 s), so that a deadlock ends the migration
/// and not a request of a running server.
const LOCK_TIMEOUT: &str = "SET lock_timeout = '300ms'";
/// The time that others get before a migration is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// The SQL of all migrations of SQLite, in their order. A program that keeps a filled database compares it, to know
/// whether the schema has changed.
#[cfg(feature = "testing")]
pub fn sqlite_migrations() -> String {
    SQLITE.iter().map(|migration| migration.sql.as_str()).collect()
}

/// The number of the newest migration that this version knows, which is the number of its schema.
pub fn newest_migration() -> i64 {
    SQLITE.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// The result of a migration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// Number and name of each migration that was applied by this call. Empty if the schema was up to date.
    pub applied: Vec<(i64, String)>,
}

/// Migrates SQLite in one transaction that takes the write lock first. If two processes migrate at once, one waits for
/// the other, and a crash leaves the old schema intact.
pub(super) async fn sqlite(writer: &SharedWriter, until: i64) -> Result<MigrationReport> {
    let mut writer = writer.lock().await;
    let conn = writer.idle().await?;
    // Another process may be writing, for example a server that is already running.
    wait_at_most(conn, WAIT_MAX).await?;
    let report = async {
        let mut transaction = conn.begin_with("BEGIN IMMEDIATE").await?;
        let report = apply(&mut *transaction, &SQLITE, until).await?;
        transaction.commit().await?;
        Ok(report)
    };
    let report = report.await;
    wait_at_most(conn, BUSY_WAIT).await?;
    report
}

async fn wait_at_most(conn: &mut SqliteConnection, time: Duration) -> Result<()> {
    let sql = AssertSqlSafe(format!("PRAGMA busy_timeout = {}", time.as_millis()));
    conn.execute(sql).await?;
    Ok(())
}

/// Migrates PostgreSQL. Each migration has its own transaction, and an advisory lock covers all of them. The connection
/// is closed afterwards, which releases the lock in any case.
pub(super) async fn postgres(pool: &PgPool, until: i64) -> Result<MigrationReport> {
    migrate_postgres(pool, &POSTGRES, until).await
}

/// Applies one more migration than this version knows, as a later version would.
#[cfg(feature = "testing")]
pub(super) async fn postgres_further(pool: &PgPool, sql: &'static str) -> Result<MigrationReport> {
    let version = newest_migration() + 1;
    let later = Migration::new(
        version,
        "of a later version".into(),
        sqlx::migrate::MigrationType::Simple,
        sqlx::SqlSafeStr::into_sql_str(sql),
        false,
    );
    let migrator = Migrator::with_migrations(POSTGRES.iter().cloned().chain([later]).collect());
    migrate_postgres(pool, &migrator, version).await
}

async fn migrate_postgres(pool: &PgPool, migrator: &Migrator, until: i64) -> Result<MigrationReport> {
    let mut conn = pool.acquire().await?.detach();
    // Otherwise each start would log that the table of the migrations exists already.
    conn.execute("SET statement_timeout = 0; SET client_min_messages = warning").await?;
    conn.lock().await?;
    conn.execute(LOCK_TIMEOUT).await?;
    let report = match apply(&mut conn, migrator, until).await {
        Ok(report) => report,
        Err(error) => return Err(schema_rights::explain(pool, error).await),
    };
    conn.close().await?;
    Ok(report)
}

/// Applies the migrations up to the number `until`.
async fn apply<C: Migrate>(conn: &mut C, migrator: &Migrator, until: i64) -> Result<MigrationReport> {
    conn.ensure_migrations_table(TABLE).await?;
    let done = conn.list_applied_migrations(TABLE).await?;
    let known = migrator.iter().map(|migration| migration.version).max().unwrap_or_default();
    if let Some(found) = done.iter().map(|migration| migration.version).max().filter(|found| *found > known) {
        return Err(Error::SchemaTooNew { found, known });
    }
    let mut report = MigrationReport::default();
    for migration in migrator.iter().filter(|migration| migration.version <= until) {
        match done.iter().find(|applied| applied.version == migration.version) {
            Some(applied) if applied.checksum != migration.checksum => {
                return Err(MigrateError::VersionMismatch(migration.version).into());
            }
            Some(_) => {}
            None => {
                apply_between_others(conn, migration).await?;
                report.applied.push((migration.version, migration.description.to_string()));
            }
        }
    }
    Ok(report)
}

/// Applies a migration. If it cannot get a lock in time, it is rolled back and tried again, so that others can go on.
async fn apply_between_others<C: Migrate>(conn: &mut C, migration: &Migration) -> Result<()> {
    loop {
        match conn.apply(TABLE, migration).await {
            Err(MigrateError::ExecuteMigration(error, _)) if is_in_the_way(&error) => sleep(PAUSE).await,
            applied => return Ok(applied.map(drop)?),
        }
    }
}

/// Whether another transaction of PostgreSQL has a lock that the migration needs.
fn is_in_the_way(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    // Lock not available, and deadlock.
    code.is_some_and(|code| matches!(&*code, "55P03" | "40P01"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_come_in_pairs() {
        let list = |migrator: &Migrator| {
            migrator.iter().map(|m| (m.version, m.description.clone())).collect::<Vec<_>>()
        };
        assert_eq!(list(&SQLITE), list(&POSTGRES));
    }

    #[cfg(feature = "testing")]
    #[test]
    fn all_migrations_are_listed_in_their_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap());
        assert_eq!(sqlite_migrations(), texts.collect::<String>());
    }
}
