//! The store: a handle on the open database.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use sqlx::PgPool;
use url::Url;

use super::bulk::Bulk;
use super::connection::ReaderKind;
use super::invalidation::{Invalidation, Listener};
use super::pooled_connection::{PooledConnection, answer};
use super::primary::PrimaryWatch;
use super::sqlite::Sqlite;
use super::tx::TxKind;
use super::writer::Savepoint;
use super::{
    Conn, Connection, MigrationReport, Reader, Tx, WithoutLog, migrate, missing_log, newest_migration,
    postgres,
};
use crate::counts::DatabaseCounts;
use crate::{Error, Result, spans};

/// The number of slots of each stored total on PostgreSQL. SQLite has one writer, so one slot is enough.
const SLOTS: u16 = 16;

/// The location of the database.
#[derive(Debug, Clone)]
pub enum Target {
    /// A SQLite file. It is created if it does not exist.
    Sqlite(PathBuf),
    /// A new SQLite database in memory. It is lost when the store is dropped.
    SqliteMemory,
    Postgres(Url),
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub target: Target,
    /// The maximum number of connections. On SQLite this only counts connections for reading.
    pub connections_max: u32,
}

/// The open database. Clones share it.
#[derive(Clone)]
pub struct Store {
    db: Arc<Db>,
    turn: Arc<AtomicU16>,
    listener: Listener,
    counts: Arc<DatabaseCounts>,
    primary: Arc<PrimaryWatch>,
}

/// The connections to the database. On SQLite only those for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    pub open: u32,
    pub idle: u32,
    pub max: u32,
}

enum Db {
    Sqlite(Sqlite),
    Postgres(PgPool),
}

impl Store {
    /// Connects to the database. Does not change the schema; see [`Store::migrate`].
    ///
    /// Fails with [`Error::Settings`] and a message for the operator if the settings make the database unusable.
    pub async fn open(settings: Settings) -> Result<Self> {
        let Settings { target, connections_max } = settings;
        let counts = Arc::<DatabaseCounts>::default();
        let primary = Arc::<PrimaryWatch>::default();
        let db = match target {
            Target::Sqlite(path) => Db::Sqlite(Sqlite::open_file(&path, connections_max, &counts).await?),
            Target::SqliteMemory => Db::Sqlite(Sqlite::open_memory(connections_max, &counts).await?),
            Target::Postgres(url) => Db::Postgres(postgres::open(&url, connections_max, &primary).await?),
        };
        Ok(Self::new(db, counts, primary))
    }

    fn new(db: Db, counts: Arc<DatabaseCounts>, primary: Arc<PrimaryWatch>) -> Self {
        Self { db: Arc::new(db), turn: Arc::default(), listener: Listener::default(), counts, primary }
    }

    /// As [`Store::open`], but only for reading. A SQLite file must exist, and neither it nor anything beside it
    /// changes.
    pub async fn open_read_only(target: &Target) -> Result<Self> {
        let counts = Arc::<DatabaseCounts>::default();
        let primary = Arc::<PrimaryWatch>::default();
        let db = match target {
            Target::Sqlite(path) => Db::Sqlite(Sqlite::open_read_only(path, &counts)),
            Target::SqliteMemory => Db::Sqlite(Sqlite::open_memory(1, &counts).await?),
            Target::Postgres(url) => Db::Postgres(postgres::open(url, 1, &primary).await?),
        };
        Ok(Self::new(db, counts, primary))
    }

    /// Whether a SQLite file was not closed and cannot be read without creating a file beside it.
    pub fn needs_recovery(target: &Target) -> bool {
        matches!(target, Target::Sqlite(path) if Sqlite::needs_recovery(path))
    }

    /// Whether a database already contains Keystead's tables. Creates and changes nothing. Fails if there is something
    /// that cannot be read.
    pub async fn exists(target: &Target) -> Result<bool> {
        match target {
            Target::Sqlite(path) => Ok(Sqlite::holds_keystead(path).await?),
            Target::SqliteMemory => Ok(false),
            Target::Postgres(url) => postgres::holds_keystead(url).await,
        }
    }

    /// Whether the write-ahead log of a SQLite file is missing, so that its latest changes may be lost. Must be asked
    /// before the database is opened. `None` means that nothing is missing.
    pub async fn without_log(target: &Target) -> Result<Option<WithoutLog>> {
        match target {
            Target::Sqlite(path) => Ok(missing_log::without_log(path).await?),
            Target::SqliteMemory | Target::Postgres(_) => Ok(None),
        }
    }

    /// Brings the schema up to date. Several processes may call this at the same time. After a crash in the middle, the
    /// migration can be run again.
    pub async fn migrate(&self) -> Result<MigrationReport> {
        self.migrate_to(newest_migration()).await
    }

    /// As [`Store::migrate`], but to an earlier schema, for rows of that schema. A later schema stays as it is.
    pub async fn migrate_to(&self, schema: i64) -> Result<MigrationReport> {
        match &*self.db {
            Db::Sqlite(sqlite) => migrate::sqlite(&sqlite.writer, schema).await,
            Db::Postgres(pool) => migrate::postgres(pool, schema).await,
        }
    }

    /// Applies one more migration than this version knows, as a later version would.
    #[cfg(feature = "testing")]
    pub async fn migrate_further(&self, sql: &'static str) -> Result<MigrationReport> {
        match &*self.db {
            Db::Sqlite(_) => Err(Error::Settings("only PostgreSQL".to_owned())),
            Db::Postgres(pool) => migrate::postgres_further(pool, sql).await,
        }
    }

    /// Sets the listener, which receives all invalidations of a transaction before its commit returns. The listener
    /// must not block. An open database has only one listener, and later ones are ignored.
    pub fn listen(&self, listener: impl Fn(&[Invalidation]) + Send + Sync + 'static) {
        // An error means that there already is a listener, which stays.
        let _ = self.listener.set(Box::new(listener));
    }

    /// The same database without the listener and the counts, as another process would have it.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn without_listener(&self) -> Self {
        Self { listener: Listener::default(), counts: Arc::default(), ..self.clone() }
    }

    /// Begins a transaction for writing.
    pub async fn begin(&self) -> Result<Tx> {
        let span = spans::writing();
        let wait = self.counts.wait(&self.counts.write_waits);
        let begun = self.begin_on_connection().await;
        let (kind, slots) = wait.end(begun)?;
        let slot = self.turn.fetch_add(1, Ordering::Relaxed) % slots;
        let (invalidated, listener) = (Vec::new(), Arc::clone(&self.listener));
        let counts = Arc::clone(&self.counts);
        Ok(Tx { kind, slot: slot.cast_signed(), is_doomed: false, invalidated, listener, counts, span })
    }

    /// The number of transactions for writing that were begun in this process, modulo 2¹⁶. Write-behind tasks use it
    /// to find out whether there are other writers.
    pub fn begun(&self) -> u16 {
        self.turn.load(Ordering::Relaxed)
    }

    /// Takes a connection for reading.
    pub async fn read(&self) -> Result<Reader> {
        let span = spans::reading();
        let wait = self.counts.wait(&self.counts.read_waits);
        let taken = self.take_connection().await;
        let kind = wait.end(taken)?;
        Ok(Reader { kind, counts: Arc::clone(&self.counts), _span: span })
    }

    /// Begins a transaction. Returns the number of slots of each stored total as well.
    async fn begin_on_connection(&self) -> Result<(TxKind, u16)> {
        Ok(match &*self.db {
            Db::Sqlite(sqlite) => (TxKind::Sqlite(Savepoint::begin(&sqlite.writer).await?), 1),
            Db::Postgres(pool) => (TxKind::Postgres(PooledConnection::begin(pool).await?), SLOTS),
        })
    }

    async fn take_connection(&self) -> Result<ReaderKind> {
        Ok(match &*self.db {
            Db::Sqlite(sqlite) => ReaderKind::Sqlite(sqlite.readers.acquire().await?),
            Db::Postgres(pool) => ReaderKind::Postgres(PooledConnection::take(pool).await?),
        })
    }

    /// Whether several servers may use the database at the same time.
    pub fn is_shared(&self) -> bool {
        matches!(*self.db, Db::Postgres(_))
    }

    /// What was counted since the database was opened.
    pub fn counts(&self) -> &DatabaseCounts {
        &self.counts
    }

    /// The connections that are open now.
    pub fn pool_state(&self) -> PoolState {
        let state = |open: u32, idle: usize, max| PoolState {
            open,
            idle: u32::try_from(idle).unwrap_or(u32::MAX),
            max,
        };
        match &*self.db {
            Db::Sqlite(Sqlite { readers, .. }) => {
                state(readers.size(), readers.num_idle(), readers.options().get_max_connections())
            }
            Db::Postgres(pool) => state(pool.size(), pool.num_idle(), pool.options().get_max_connections()),
        }
    }

    /// A faster reader for millions of rows.
    pub(crate) fn bulk(&self) -> Bulk {
        match &*self.db {
            Db::Sqlite(sqlite) => Bulk::Sqlite(sqlite.bulk.clone()),
            Db::Postgres(pool) => Bulk::Postgres(pool.clone()),
        }
    }

    /// Finds out whether the address of the database leads to another primary by now. If it does, the connections to
    /// the earlier one are not used any more. Does nothing on SQLite.
    pub async fn look_for_new_primary(&self) -> Result<()> {
        match &*self.db {
            Db::Sqlite(_) => Ok(()),
            Db::Postgres(pool) => postgres::look_for_new_primary(pool, &self.primary).await,
        }
    }

    /// Checks whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        use sqlx::Connection as _;
        match self.read().await?.conn() {
            Conn::Sqlite(conn) => conn.ping().await,
            Conn::Postgres(conn) => answer(conn.ping()).await,
        }
        .map_err(Error::from)
    }

    /// Waits until running transactions have ended, and closes all connections.
    pub async fn close(&self) {
        match &*self.db {
            Db::Sqlite(sqlite) => sqlite.close().await,
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match &*self.db {
            Db::Sqlite(_) => "Store(SQLite)",
            Db::Postgres(_) => "Store(PostgreSQL)",
        })
    }
}
