//! Reads the whole database in one snapshot, over a connection of its own, while others write.

use super::batch::{Part, Parts, channel};
use super::tables::Table;
use super::tally::Tally;
use super::{postgres, sqlite};
use crate::db::Bulk;
use crate::{Error, Result, Store};

/// The rows of a snapshot, which a task reads while they are received. It stops when this is dropped.
#[derive(Debug)]
pub struct Export {
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    /// The number of the newest migration.
    pub schema: i64,
    pub tables: Vec<Table>,
    pub parts: Parts,
}

/// Begins to read the database.
pub async fn export(store: &Store) -> Result<Export> {
    let (sender, parts) = channel();
    match store.bulk() {
        Bulk::Sqlite(file) => {
            let snapshot = blocking(move || sqlite::Snapshot::open(&file)).await?;
            let (schema, tables) = (snapshot.schema, snapshot.tables.clone());
            tokio::task::spawn_blocking(move || snapshot.send(&sender));
            Ok(Export { database: "sqlite", schema, tables, parts })
        }
        Bulk::Postgres(pool) => {
            let snapshot = postgres::Snapshot::open(&pool).await?;
            let (schema, tables) = (snapshot.schema, snapshot.tables.clone());
            tokio::spawn(snapshot.send(sender));
            Ok(Export { database: "postgres", schema, tables, parts })
        }
    }
}

/// Counts the rows of the whole database.
pub(super) async fn count(store: &Store) -> Result<Tally> {
    let mut parts = export(store).await?.parts;
    let mut tally = Tally::default();
    loop {
        match parts.recv().await {
            Some(Ok(Part::Rows(batch))) => tally.add(&batch),
            Some(Ok(Part::End)) => return Ok(tally),
            Some(Err(error)) => return Err(error),
            None => return Err(Error::closed()),
        }
    }
}

/// Runs work that blocks on a thread of its own.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::closed())?
}
