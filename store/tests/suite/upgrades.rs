//! Upgrades from old schemas: released migrations never change, and a kill in the middle of a migration loses nothing.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use sha2::{Digest, Sha256};
use store::testing::{TestDatabase, empty_postgres, empty_sqlite};
use store::{MigrationReport, Settings, Store, Target, newest_migration};

use crate::support::{TestOrganization, ask};

/// The environment variable that passes the database to the other process.
const TARGET: &str = "KEYSTEAD_TEST_MIGRATES";
/// Rows that a migration rewrites.
const ROWS: i64 = 20_000;

/// The other process: this same program, which runs only this test.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the other process of the cases below"]
async fn migrates_until_it_is_killed() {
    let Ok(target) = std::env::var(TARGET) else { return };
    let target = match target.strip_prefix('/') {
        Some(_) => Target::Sqlite(target.into()),
        None => Target::Postgres(target.parse().unwrap()),
    };
    Store::open(Settings { target, connections_max: 2 }).await.unwrap().migrate().await.unwrap();
}

/// A database with the first schema and many rows.
async fn fill(db: &TestDatabase) {
    db.store.migrate_to(1).await.unwrap();
    let is_postgres = matches!(db.target, Target::Postgres(_));
    let numbers = if is_postgres {
        "generate_series(1, 20000) AS n(i)".to_owned()
    } else {
        "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n) AS n"
            .to_owned()
    };
    let bytes = if is_postgres { "decode(md5(i::text) || md5(i::text), 'hex')" } else { "randomblob(32)" };
    let sql = format!(
        "INSERT INTO links (token_hash, purpose, user_id, created_at, expires_at) \
         SELECT {bytes}, 'setup', NULL, i, 7 FROM {numbers}"
    );
    db.run(sql.leak()).await;
}

/// Migrates in another process and kills it after a while. Returns whether the migration had ended by then.
fn migrate_and_kill(target: &str, after: Duration) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "upgrades::migrates_until_it_is_killed", "--ignored"])
        .env(TARGET, target)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    #[expect(clippy::disallowed_methods, reason = "the moment of the kill is what varies")]
    std::thread::sleep(after);
    let has_ended = child.try_wait().unwrap().is_some_and(|status| status.success());
    let _already_ended = child.kill();
    child.wait().unwrap();
    has_ended
}

/// Kills migrations of the same database later and later, until one has ended before.
async fn kill_until_it_is_done(db: &TestDatabase, target: &str) {
    for milliseconds in (5..).step_by(20) {
        if migrate_and_kill(target, Duration::from_millis(milliseconds)) {
            break;
        }
        // Whatever was done, no row is missing.
        let (rows,): (i64,) = ask(db, "SELECT count(*) FROM links").await;
        assert_eq!(rows, ROWS);
    }
    assert_eq!(db.open_again().await.migrate().await.unwrap(), MigrationReport::default());
    TestOrganization::new(&db.store).await;
    let (rows,): (i64,) = ask(db, "SELECT count(*) FROM links WHERE expires_at = 7 AND created_at > 0").await;
    assert_eq!(rows, ROWS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_the_middle_of_a_migration_of_sqlite_loses_nothing() {
    let db = empty_sqlite().await;
    fill(&db).await;
    kill_until_it_is_done(&db, db.path().to_str().unwrap()).await;
    let (verdict,): (String,) = ask(&db, "PRAGMA integrity_check").await;
    assert_eq!(verdict, "ok");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_the_middle_of_a_migration_of_postgres_loses_nothing() {
    let db = empty_postgres().await;
    fill(&db).await;
    kill_until_it_is_done(&db, db.url().as_str()).await;
}

/// A database that applied a migration is refused if the migration changes afterwards.
#[test]
fn released_migrations_do_not_change() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let released = fs::read_to_string(format!("{folder}/released")).unwrap();
    let mut count = 0;
    for line in released.lines().filter(|line| !line.starts_with('#')) {
        let (checksum, file) = line.split_once("  ").unwrap();
        let found = hex::encode(Sha256::digest(fs::read(format!("{folder}/{file}")).unwrap()));
        assert_eq!(found, checksum, "{file} was released; add a new migration instead");
        count += 1;
    }
    assert!(count > 0 && count % 2 == 0 && count / 2 <= newest_migration(), "{count}");
}
