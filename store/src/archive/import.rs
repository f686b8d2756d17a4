//! Writes rows into an empty database. After a crash, the same import continues where it stopped.

use super::batch::Parts;
use super::export::{blocking, count};
use super::tally::Tally;
use super::{postgres, sqlite};
use crate::db::Bulk;
use crate::{Refusal, Result, Store};

/// Writes all rows of a source into a migrated database that has no organization and no account, or continues such an
/// import. Then compares every table with the source. Until the end, [`is_import_unfinished`] is true.
pub async fn import(store: &Store, parts: Parts) -> Result<Tally> {
    let written = match store.bulk() {
        Bulk::Sqlite(file) => blocking(move || sqlite::write(&file, parts)).await?,
        Bulk::Postgres(pool) => postgres::write(&pool, parts).await?,
    };
    if let Some((table, found, expected)) = count(store).await?.first_difference(&written) {
        return Err(Refusal::Differs { table, found, expected }.into());
    }
    match store.bulk() {
        Bulk::Sqlite(file) => blocking(move || sqlite::finish(&file)).await?,
        Bulk::Postgres(pool) => postgres::finish(&pool).await?,
    }
    Ok(written)
}

/// Whether an import into the database was begun and not finished, so that rows are missing.
pub async fn is_import_unfinished(store: &Store) -> Result<bool> {
    match store.bulk() {
        Bulk::Sqlite(file) => blocking(move || sqlite::has_progress(&file)).await,
        Bulk::Postgres(pool) => postgres::has_progress(&pool).await,
    }
}
