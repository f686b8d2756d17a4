//! Reads SQLite with another driver than the rest of the crate.
//!
//! sqlx copies every value of a row and sends every row from one thread to another. That is fine for pages, but it more
//! than doubles the time that it takes to load a million keys into memory. This reader uses the same SQLite library
//! through another driver, which reads rows in place.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, ErrorCode, OpenFlags, Row};
use tokio::sync::mpsc;

use super::row::BATCH;
use crate::db::writer::BUSY_WAIT;
use crate::{Error, Result};

/// How many batches may be read ahead of the receiver.
const BATCHES_AHEAD: usize = 2;

/// The location of a SQLite database, for an additional connection.
#[derive(Debug, Clone)]
pub(crate) struct SqliteFile {
    path: PathBuf,
    /// The name of SQLite's virtual file system, if it is not the default one.
    vfs: Option<&'static str>,
}

impl SqliteFile {
    pub(in crate::db) fn new(path: PathBuf, vfs: Option<&'static str>) -> Self {
        Self { path, vfs }
    }

    pub(super) async fn each<T: Send + 'static>(
        self,
        sql: &'static str,
        read: fn(&Row<'_>) -> Result<T>,
        mut take: impl FnMut(Vec<T>),
    ) -> Result<()> {
        let (sender, mut batches) = mpsc::channel(BATCHES_AHEAD);
        let reading = tokio::task::spawn_blocking(move || self.read(sql, read, &sender));
        while let Some(batch) = batches.recv().await {
            take(batch);
        }
        reading.await.map_err(|_| Error::closed())?
    }

    fn read<T>(
        &self,
        sql: &str,
        read: fn(&Row<'_>) -> Result<T>,
        sender: &mpsc::Sender<Vec<T>>,
    ) -> Result<()> {
        let db = self.connect()?;
        let mut statement = db.prepare(sql)?;
        let mut rows = statement.query(())?;
        let mut batch = Vec::with_capacity(BATCH);
        while let Some(row) = rows.next()? {
            batch.push(read(row)?);
            if batch.len() == BATCH {
                let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                if sender.blocking_send(full).is_err() {
                    return Ok(());
                }
            }
        }
        // If sending fails, the receiver has gone away and needs no more rows.
        let _ = sender.blocking_send(batch);
        Ok(())
    }

    /// Opens a connection for reading.
    pub(crate) fn connect(&self) -> rusqlite::Result<Connection> {
        self.open(OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    /// Opens a connection for writing many rows. Its commits survive a crash of the process, but only a checkpoint
    /// flushes them to the disk.
    pub(crate) fn connect_to_write(&self) -> rusqlite::Result<Connection> {
        let db = self.open(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY",
        )?;
        Ok(db)
    }

    fn open(&self, access: OpenFlags) -> rusqlite::Result<Connection> {
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = match self.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(&self.path, flags, vfs)?,
            None => Connection::open_with_flags(&self.path, flags)?,
        };
        db.busy_timeout(BUSY_WAIT)?;
        Ok(db)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(cause, _) if cause.code == ErrorCode::DiskFull => {
                Self::NoSpace(Arc::new(sqlx::Error::Io(std::io::Error::other(error))))
            }
            rusqlite::Error::SqliteFailure(cause, _) if cause.code == ErrorCode::ConstraintViolation => {
                Self::Corrupt("a row that breaks a rule of the database".to_owned())
            }
            rusqlite::Error::SqliteFailure(..) => {
                Self::Unavailable(Arc::new(sqlx::Error::Io(std::io::Error::other(error))))
            }
            error => Self::Corrupt(error.to_string()),
        }
    }
}
