//! SQLite: one connection for writing and several for reading.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use tokio::sync::Mutex;

use super::bulk::SqliteFile;
use super::checkpoint::Checkpointer;
use super::writer::{BUSY_WAIT, SharedWriter, WAIT_MAX, Writer};
use crate::counts::DatabaseCounts;
use crate::{Error, Result};

/// The number of pages in the write-ahead log after which a commit moves them into the database: 256 MiB. It is large
/// so that the three syncs of a checkpoint are rare among commits, each of which writes about thirty pages. It is small
/// enough that a start after a crash reads the log in a fraction of a second.
const CHECKPOINT_PAGES: &str = "65536";
/// The size in bytes to which the log is truncated after a checkpoint.
const LOG_BYTES_KEPT: &str = "67108864";
/// Page cache of the writer and of each reader, in KiB (negative by SQLite's convention). Small, because the operating
/// system caches the same pages.
const WRITER_CACHE: &str = "-8192";
const READER_CACHE: &str = "-4096";
/// The number of rows that are read ahead of the receiver. Each time that one side waits for the other costs more than
/// reading many rows.
const ROWS_AHEAD: usize = 1000;

/// SQLite's code for a file of another kind.
const NOT_A_DATABASE: &str = "26";

pub(super) struct Sqlite {
    pub writer: SharedWriter,
    pub readers: SqlitePool,
    /// For reading millions of rows.
    pub bulk: SqliteFile,
    checkpointer: Mutex<Option<Checkpointer>>,
}

impl Sqlite {
    /// Opens a file. Creates it if it does not exist.
    pub async fn open_file(path: &Path, connections_max: u32, counts: &Arc<DatabaseCounts>) -> Result<Self> {
        make_file(path).map_err(|error| refused(path, &error))?;
        let options = SqliteConnectOptions::new().filename(path);
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
            .pragma("journal_size_limit", LOG_BYTES_KEPT);
        let bulk = SqliteFile::new(path.to_owned(), None);
        let opened = Self::open(writing.clone(), options, bulk, connections_max, counts).await;
        let mut sqlite = opened.map_err(|error| refused(path, &error))?;
        let commits = sqlite.writer.lock().await.commits();
        *sqlite.checkpointer.get_mut() = Some(Checkpointer::start(connection_options(writing), commits));
        Ok(sqlite)
    }

    /// Opens a file only for reading, and changes nothing beside it. A transaction for writing cannot be begun.
    pub fn open_read_only(path: &Path, counts: &Arc<DatabaseCounts>) -> Self {
        let options = unchanging(path).busy_timeout(WAIT_MAX);
        let writer = Writer::unconnected(options.clone(), Arc::clone(counts));
        let readers = PoolOptions::new()
            .max_connections(1)
            .acquire_timeout(WAIT_MAX)
            .test_before_acquire(false)
            .connect_lazy_with(options);
        let bulk = SqliteFile::new(path.to_owned(), None);
        Self { writer: Arc::new(Mutex::new(writer)), readers, bulk, checkpointer: Mutex::default() }
    }

    /// Whether a file has a write-ahead log without the index that belongs to it. Whoever opens the file next creates
    /// the index, even if they only read.
    pub fn needs_recovery(path: &Path) -> bool {
        let has_log = fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
        has_log && !beside(path, "-shm").exists()
    }

    /// Whether a file contains Keystead's tables. The file is opened read-only, so that other programs' files are not
    /// changed. A file that is no database contains none.
    pub async fn holds_keystead(path: &Path) -> sqlx::Result<bool> {
        if !path.is_file() {
            return Ok(false);
        }
        match Self::has_tables(path).await {
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(NOT_A_DATABASE) => Ok(false),
            other => other,
        }
    }

    async fn has_tables(path: &Path) -> sqlx::Result<bool> {
        const SQL: &str = "SELECT count(*) FROM sqlite_master WHERE type = 'table' \
            AND name IN ('_sqlx_migrations', 'organizations')";
        let mut conn = open_unchanging(path).await?;
        let (tables,): (i64,) = sqlx::query_as(SQL).fetch_one(&mut conn).await?;
        conn.close().await?;
        Ok(tables == 2)
    }

    /// Opens a new database in memory. It is lost when the store is dropped.
    pub async fn open_memory(connections_max: u32, counts: &Arc<DatabaseCounts>) -> Result<Self> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        // The leading slash makes SQLite's `memdb` file system share the database among connections.
        let name = format!("/keystead-{}", COUNTER.fetch_add(1, Ordering::Relaxed));
        let bulk = SqliteFile::new(name.clone().into(), Some("memdb"));
        let options = SqliteConnectOptions::new().filename(name).vfs("memdb");
        Self::open(options.clone(), options, bulk, connections_max, counts).await.map_err(Error::from)
    }

    async fn open(
        writing: SqliteConnectOptions,
        reading: SqliteConnectOptions,
        bulk: SqliteFile,
        connections_max: u32,
        counts: &Arc<DatabaseCounts>,
    ) -> sqlx::Result<Self> {
        let writing = connection_options(writing).create_if_missing(true).pragma("cache_size", WRITER_CACHE);
        let writer = Writer::connect(writing.busy_timeout(BUSY_WAIT), Arc::clone(counts)).await?;
        let reading =
            connection_options(reading).pragma("cache_size", READER_CACHE).pragma("query_only", "on");
        let reading = reading.row_buffer_size(ROWS_AHEAD);
        let readers = PoolOptions::new()
            .max_connections(connections_max.max(1))
            .acquire_timeout(WAIT_MAX)
            // Connections to a file do not break.
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(reading.busy_timeout(WAIT_MAX));
        Ok(Self { writer: Arc::new(Mutex::new(writer)), readers, bulk, checkpointer: Mutex::default() })
    }

    /// Waits until running transactions have ended, commits the open group, and closes all connections.
    pub async fn close(&self) {
        let checkpointer = self.checkpointer.lock().await.take();
        if let Some(checkpointer) = checkpointer {
            checkpointer.stop().await;
        }
        self.readers.close().await;
        self.writer.lock().await.close().await;
    }
}

/// Opens a file only for reading, and changes nothing beside it.
pub(super) async fn open_unchanging(path: &Path) -> sqlx::Result<SqliteConnection> {
    unchanging(path).busy_timeout(WAIT_MAX).connect().await
}

fn unchanging(path: &Path) -> SqliteConnectOptions {
    // Without a write-ahead log, the file is all there is. If SQLite knows that it does not change, it creates no files
    // beside it.
    let is_whole = !beside(path, "-wal").exists();
    connection_options(SqliteConnectOptions::new().filename(path).read_only(true).immutable(is_whole))
}

/// Disables statement logging, because statements would only clutter the log.
fn connection_options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.foreign_keys(true).pragma("temp_store", "memory").disable_statement_logging()
}

/// Creates the file with access for its owner only, whatever the umask. SQLite gives its `-wal` and `-shm` files the
/// same mode.
fn make_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// The path of a file that SQLite keeps beside the database.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn refused(path: &Path, error: &dyn std::error::Error) -> Error {
    Error::Settings(format!("the database file {} cannot be opened for writing: {error}", path.display()))
}
