//! The store: a handle on the open database.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, OnceLock};

use sqlx::PgPool;
use url::Url;

use super::bulk::Bulk;
use super::connection::ReaderKind;
use super::lease::{Lease, answer};
use super::sqlite::Sqlite;
use super::tx::TxKind;
use super::writer::Member;
use super::{Conn, Connection, MigrationReport, Reader, Tx, migrate, postgres};
use crate::changes::Subject;
use crate::{Error, Result};

/// Slots of each kept total on PostgreSQL. On SQLite there is one writer, and one slot.
const SLOTS: u16 = 16;

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Target {
    /// A SQLite file; created when missing.
    Sqlite(PathBuf),
    /// A new SQLite database in memory, gone with the store.
    SqliteMemory,
    /// A PostgreSQL server.
    Postgres(Url),
}

/// How to open the store.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the database is.
    pub target: Target,
    /// Most connections at once; on SQLite, for reading.
    pub connections_max: u32,
}

/// Is told of what verdicts depend on and has just been changed.
pub(super) type Listener = Arc<OnceLock<Box<dyn Fn(&[Subject]) + Send + Sync>>>;

/// The open database. Clones share it.
#[derive(Clone)]
pub struct Store {
    db: Arc<Db>,
    turn: Arc<AtomicU16>,
    listener: Listener,
}

enum Db {
    Sqlite(Sqlite),
    Postgres(PgPool),
}

impl Store {
    /// Connects. The schema is left as it is: see [`Store::migrate`].
    ///
    /// Fails with [`Error::Settings`] and a sentence for the operator if the database cannot be used as it is set up.
    pub async fn open(settings: Settings) -> Result<Self> {
        let Settings { target, connections_max } = settings;
        let db = match target {
            Target::Sqlite(path) => Db::Sqlite(Sqlite::open_file(&path, connections_max).await?),
            Target::SqliteMemory => Db::Sqlite(Sqlite::open_memory(connections_max).await?),
            Target::Postgres(url) => Db::Postgres(postgres::open(&url, connections_max).await?),
        };
        Ok(Self { db: Arc::new(db), turn: Arc::default(), listener: Listener::default() })
    }

    /// Whether a database holds a Keystead already. Nothing is made or changed there.
    pub async fn is_there(target: &Target) -> Result<bool> {
        match target {
            Target::Sqlite(path) => Ok(Sqlite::holds_keystead(path).await?),
            Target::SqliteMemory => Ok(false),
            Target::Postgres(url) => postgres::holds_keystead(url).await,
        }
    }

    /// Brings the schema up to date. Others may do the same at the same time; a crash in the middle leaves a database
    /// that can be migrated.
    pub async fn migrate(&self) -> Result<MigrationReport> {
        match &*self.db {
            Db::Sqlite(sqlite) => migrate::sqlite(&sqlite.writer).await,
            Db::Postgres(pool) => migrate::postgres(pool).await,
        }
    }

    /// Has every change told that verdicts depend on, before the commit that makes it returns. The listener must not wait
    /// for anything. There is one for each open database; another one is not taken.
    pub fn listen(&self, listener: impl Fn(&[Subject]) + Send + Sync + 'static) {
        // Whoever came first goes on.
        let _ = self.listener.set(Box::new(listener));
    }

    /// The same database without the listener, as another process has it.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn deaf(&self) -> Self {
        Self { listener: Listener::default(), ..self.clone() }
    }

    /// Begins a transaction that writes.
    pub async fn begin(&self) -> Result<Tx> {
        let (kind, slots) = match &*self.db {
            Db::Sqlite(sqlite) => (TxKind::Sqlite(Member::begin(&sqlite.writer).await?), 1),
            Db::Postgres(pool) => (TxKind::Postgres(Lease::begin(pool).await?), SLOTS),
        };
        let slot = self.turn.fetch_add(1, Ordering::Relaxed) % slots;
        let (touched, listener) = (Vec::new(), Arc::clone(&self.listener));
        Ok(Tx { kind, slot: slot.cast_signed(), is_doomed: false, touched, listener })
    }

    /// How many transactions that write were begun here, from zero again after the largest number. Whoever writes behind
    /// sees by it whether others write.
    pub fn begun(&self) -> u16 {
        self.turn.load(Ordering::Relaxed)
    }

    /// Takes a connection for reading.
    pub async fn read(&self) -> Result<Reader> {
        Ok(Reader(match &*self.db {
            Db::Sqlite(sqlite) => ReaderKind::Sqlite(sqlite.readers.acquire().await?),
            Db::Postgres(pool) => ReaderKind::Postgres(Lease::take(pool).await?),
        }))
    }

    /// What reads millions of rows, for which the usual way is too slow.
    pub(crate) fn bulk(&self) -> Bulk {
        match &*self.db {
            Db::Sqlite(sqlite) => Bulk::Sqlite(sqlite.bulk.clone()),
            Db::Postgres(pool) => Bulk::Postgres(pool.clone()),
        }
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<()> {
        use sqlx::Connection as _;
        match self.read().await?.conn() {
            Conn::Sqlite(conn) => conn.ping().await,
            Conn::Postgres(conn) => answer(conn.ping()).await,
        }
        .map_err(Error::from)
    }

    /// Commits what is under way and closes every connection.
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
