//! Private databases for the tests of this crate and of the crates that depend on it (feature `testing`).
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test that cannot have a database has failed, and one that starts a server waits for it"
)]

mod cluster;
mod tables;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};
use tempfile::TempDir;
use tokio::sync::{Mutex, OnceCell};
use url::Url;

pub use self::cluster::{Cluster, Outage};
pub use crate::db::sqlite_migrations;
use crate::{Error, Settings, Store, Target};

/// Connections of each store. Enough for ten concurrent callers.
const CONNECTIONS_MAX: u32 = 12;

/// A migrated database for one test. It is deleted when this is dropped, or when the process ends.
pub struct TestDatabase {
    pub store: Store,
    /// The location, for opening the database again.
    pub target: Target,
    folder: Option<TempDir>,
}

impl TestDatabase {
    /// Opens the same database again, as another process would.
    pub async fn open_again(&self) -> Store {
        open(self.target.clone()).await
    }

    /// Runs a statement directly, without the store.
    pub async fn run(&self, sql: &'static str) {
        match &self.target {
            Target::Postgres(url) => {
                let mut conn = PgConnection::connect(url.as_str()).await.expect("connecting to PostgreSQL");
                conn.execute(sql).await.expect("running a statement");
            }
            Target::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path);
                let mut conn = options.connect().await.expect("opening the database");
                conn.execute(sql).await.expect("running a statement");
            }
            Target::SqliteMemory => panic!("a database in memory can only be used through its store"),
        }
    }

    /// The schema of a PostgreSQL database.
    pub async fn schema(&self) -> i64 {
        let mut conn = PgConnection::connect(self.url().as_str()).await.expect("connecting to PostgreSQL");
        let query = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations");
        query.fetch_one(&mut conn).await.expect("the applied migrations")
    }

    pub fn path(&self) -> PathBuf {
        self.folder.as_ref().expect("a SQLite database").path().join("keystead.db")
    }

    /// The PostgreSQL URL.
    pub fn url(&self) -> Url {
        match &self.target {
            Target::Postgres(url) => url.clone(),
            Target::Sqlite(_) | Target::SqliteMemory => panic!("not a PostgreSQL database"),
        }
    }
}

/// The error of a transaction that was rolled back because of another one.
pub fn conflict() -> Error {
    Error::Retry(Arc::new(sqlx::Error::Protocol("deadlock detected".to_owned())))
}

/// A SQLite database in a folder of its own.
pub async fn sqlite() -> TestDatabase {
    let database = empty_sqlite().await;
    database.store.migrate().await.expect("migrating SQLite");
    database
}

/// A SQLite database without tables.
pub async fn empty_sqlite() -> TestDatabase {
    let folder = tempfile::Builder::new().prefix("keystead-").tempdir().expect("a temporary folder");
    let target = Target::Sqlite(folder.path().join("keystead.db"));
    TestDatabase { store: open(target.clone()).await, target, folder: Some(folder) }
}

/// A SQLite database in memory. For tests that write so often that they would otherwise mainly test the disk.
pub async fn memory() -> TestDatabase {
    let target = Target::SqliteMemory;
    let store = open(target.clone()).await;
    store.migrate().await.expect("migrating SQLite");
    TestDatabase { store, target, folder: None }
}

/// A PostgreSQL database. The server is started once per process, unless `KEYSTEAD_TEST_POSTGRES` contains the URL of a
/// running server.
pub async fn postgres() -> TestDatabase {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    postgres_like(TEMPLATE.get_or_init(make_template).await).await
}

/// A PostgreSQL database without tables.
pub async fn empty_postgres() -> TestDatabase {
    static TEMPLATE: OnceCell<()> = OnceCell::const_new();
    TEMPLATE.get_or_init(remove_left_over).await;
    postgres_like("template0").await
}

async fn postgres_like(template: &str) -> TestDatabase {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let name = format!("keystead_test_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    administer(&format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {template}")).await;
    let target = Target::Postgres(address(&name));
    TestDatabase { store: open(target.clone()).await, target, folder: None }
}

/// Creates the migrated database from which the others are copied.
async fn make_template() -> String {
    remove_left_over().await;
    let name = format!("keystead_template_{}", std::process::id());
    administer(&format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")).await;
    let store = open(Target::Postgres(address(&name))).await;
    store.migrate().await.expect("migrating PostgreSQL");
    store.close().await;
    name
}

/// Drops the databases of processes that have ended, if the server outlives them.
async fn remove_left_over() {
    let mut conn = PgConnection::connect(cluster::url().as_str()).await.expect("connecting to PostgreSQL");
    let names: Vec<(String,)> = sqlx::query_as(
        "SELECT datname::text FROM pg_database WHERE datname ~ '^keystead_(test|template)_[0-9]+'",
    )
    .fetch_all(&mut conn)
    .await
    .expect("listing databases");
    for (name,) in names {
        let process = name.split('_').nth(2).unwrap_or_default();
        if !PathBuf::from("/proc").join(process).exists() {
            administer(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

/// Runs a statement on the server. Only one at a time, because a template must not be in use while it is copied.
async fn administer(sql: &str) {
    static TURN: Mutex<()> = Mutex::const_new(());
    let _turn = TURN.lock().await;
    let mut conn = PgConnection::connect(cluster::url().as_str()).await.expect("connecting to PostgreSQL");
    conn.execute(AssertSqlSafe(sql)).await.expect("administering PostgreSQL");
    conn.close().await.expect("closing a connection");
}

fn address(database: &str) -> Url {
    let mut url = cluster::url().clone();
    url.set_path(database);
    url
}

async fn open(target: Target) -> Store {
    Store::open(Settings { target, connections_max: CONNECTIONS_MAX }).await.expect("opening the database")
}
