//! Tests of migrations: concurrent, repeated, and refused if the schema is newer.

use std::os::unix::fs::PermissionsExt;

use store::testing::TestDatabase;
use store::{Error, MigrationReport, Settings, Store, Target, keys, users};

use crate::support::{TestOrganization, ask, hash};

on_both!(migrating_twice_changes_nothing, a_schema_of_a_newer_version_is_refused,);

async fn migrating_twice_changes_nothing(db: TestDatabase) {
    assert_eq!(db.store.migrate().await.unwrap(), MigrationReport::default());
}

async fn a_schema_of_a_newer_version_is_refused(db: TestDatabase) {
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
        SELECT 9999, 'from the future', TRUE, checksum, 0 FROM _sqlx_migrations WHERE version = 1 RETURNING version";
    let (version,): (i64,) = ask(&db, sql).await;
    assert_eq!(version, 9999);
    assert!(matches!(db.store.migrate().await, Err(Error::SchemaTooNew { found: 9999, .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simultaneous_migrations_of_a_new_file_apply_everything_once() {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(folder.path().join("new.db"));
    let open = || Store::open(Settings { target: target.clone(), connections_max: 2 });
    let (one, other) = tokio::try_join!(open(), open()).unwrap();
    let (one, other) = tokio::join!(one.migrate(), other.migrate());
    let applied = one.unwrap().applied.len() + other.unwrap().applied.len();
    assert_eq!(
        applied,
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite")).unwrap().count()
    );
}

/// The command line migrates first, even while a server with a slow disk is running.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrating_waits_for_another_process_that_writes() {
    let db = store::testing::sqlite().await;
    let target = Target::Sqlite(db.path().clone());
    let other = Store::open(Settings { target, connections_max: 2 }).await.unwrap();
    let writing = db.store.begin().await.unwrap();
    let migrating = tokio::spawn(async move { other.migrate().await });
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert!(!migrating.is_finished());
    writing.commit().await.unwrap();
    assert_eq!(migrating.await.unwrap().unwrap(), MigrationReport::default());
}

/// A migration that needs many tables meets a transaction that already uses one of them and then needs another. The
/// migration waits, and the transaction of the running server goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_gives_way_to_transactions_of_running_servers() {
    const LATER: &str =
        "ALTER TABLE keys ADD COLUMN later_note TEXT; ALTER TABLE users ADD COLUMN later_note TEXT";
    const IS_WAITING: &str =
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'users'::regclass";
    let db = store::testing::postgres().await;
    let organization = TestOrganization::new(&db.store).await;
    let mut running = db.store.begin().await.unwrap();
    users::find_anywhere(&mut running, &organization.user.user_id).await.unwrap();
    let store = db.open_again().await;
    let migrating = tokio::spawn(async move { store.migrate_further(LATER).await });
    while ask::<(i64,)>(&db, IS_WAITING).await == (0,) {
        tokio::task::yield_now().await;
    }
    // The migration has locked `keys`, and waits for `users`. Those who come later must not wait behind it until the
    // running transaction has ended.
    let mut other = db.store.read().await.unwrap();
    users::find_anywhere(&mut other, &organization.user.user_id).await.unwrap();
    keys::find_by_hash(&mut running, &hash()).await.unwrap();
    running.commit().await.unwrap();
    assert_eq!(migrating.await.unwrap().unwrap().applied.len(), 1);
    TestOrganization::new(&db.store).await;
}

#[tokio::test]
async fn the_database_files_are_readable_only_by_their_user() {
    let db = store::testing::sqlite().await;
    let folder = db.path().parent().unwrap().to_owned();
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(files.len(), 3);
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn a_file_that_is_not_a_database_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let junk = folder.path().join("junk.db");
    std::fs::write(&junk, "this is no database, but long enough to look at. ".repeat(100)).unwrap();
    for path in [junk, folder.path().to_owned(), folder.path().join("missing/keystead.db")] {
        let outcome = Store::open(Settings { target: Target::Sqlite(path), connections_max: 2 }).await;
        assert!(matches!(outcome, Err(Error::Settings(_))), "{outcome:?}");
    }
}

/// SQLite cannot change a constraint of a column, so the migration creates the table of one-time tokens anew.
#[tokio::test]
async fn links_survive_the_migration_that_rebuilds_their_table() {
    let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect("sqlite::memory:").await.unwrap();
    for sql in [
        include_str!("../../migrations/sqlite/0001_initial.sql"),
        "INSERT INTO links VALUES (randomblob(32), 'setup', NULL, 5, 7)",
        include_str!("../../migrations/sqlite/0003_provisional_accounts.sql"),
        "INSERT INTO links VALUES (randomblob(32), 'reset', NULL, 6, 8, 'ada@acme.example')",
    ] {
        sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    }
    let sql = "SELECT purpose, created_at, expires_at, email_folded FROM links ORDER BY created_at";
    let links: Vec<(String, i64, i64, Option<String>)> =
        sqlx::query_as(sql).fetch_all(&mut conn).await.unwrap();
    let email = Some("ada@acme.example".to_owned());
    assert_eq!(links, [("setup".to_owned(), 5, 7, None), ("reset".to_owned(), 6, 8, email)]);
}

#[tokio::test]
async fn checking_for_a_database_creates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let missing = Target::Sqlite(path("missing.db"));
    assert!(!Store::exists(&missing).await.unwrap() && !path("missing.db").exists());
    std::fs::write(path("empty.db"), "").unwrap();
    assert!(!Store::exists(&Target::Sqlite(path("empty.db"))).await.unwrap());
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!((files.len(), std::fs::metadata(path("empty.db")).unwrap().len()), (1, 0));
    let (file, server) = (store::testing::sqlite().await, store::testing::postgres().await);
    assert!(Store::exists(&Target::Sqlite(file.path().clone())).await.unwrap());
    let mut url = server.url();
    assert!(Store::exists(&Target::Postgres(url.clone())).await.unwrap());
    url.set_path("postgres");
    assert!(!Store::exists(&Target::Postgres(url)).await.unwrap());
}

#[tokio::test]
async fn a_database_server_without_synchronous_commit_is_refused() {
    let db = store::testing::postgres().await;
    let url = db.url();
    let name = url.path().trim_start_matches('/').to_owned();
    let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(url.as_str()).await.unwrap();
    let sql = format!("ALTER DATABASE {name} SET synchronous_commit = off");
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
    let outcome = Store::open(Settings { target: Target::Postgres(url), connections_max: 2 }).await;
    let Err(Error::Settings(sentence)) = outcome else { panic!("{outcome:?}") };
    assert!(sentence.contains("synchronous_commit"), "{sentence}");
}

#[tokio::test]
async fn a_missing_server_and_a_missing_database_are_errors_for_the_operator() {
    let mut url = store::testing::postgres().await.url();
    url.set_path("no_such_database");
    let outcome = Store::open(Settings { target: Target::Postgres(url.clone()), connections_max: 2 }).await;
    assert!(matches!(outcome, Err(Error::Settings(_))), "{outcome:?}");
    url.set_port(Some(1)).unwrap();
    let outcome = Store::open(Settings { target: Target::Postgres(url), connections_max: 2 }).await;
    assert!(matches!(outcome, Err(Error::Settings(_))), "{outcome:?}");
}
