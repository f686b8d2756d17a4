//! Writes rows into an empty database. After a crash, the same import continues where it stopped.

use super::batch::Parts;
use super::export::{blocking, count, export};
use super::tally::Tally;
use super::{postgres, sqlite};
use crate::db::Bulk;
use crate::{Refusal, Result, Store};

/// Writes all rows of a source into a database of the same schema that has no organization and no account, or continues
/// such an import. Then compares every table with the source, and brings the
/// database to the schema of this version. Until the tables are compared, [`is_import_unfinished`] is true.
pub async fn import(store: &Store, schema: i64, parts: Parts) -> Result<Tally> {
    let is_in_use = match store.bulk() {
        Bulk::Sqlite(file) => blocking(move || sqlite::is_in_use(&file)).await?,
        Bulk::Postgres(pool) => postgres::is_in_use(&pool).await?,
    };
    if is_in_use {
        // Before the schema changes.
        return Err(Refusal::NotEmpty.into());
    }
    store.migrate_to(schema).await?;
    let found = export(store).await?.schema;
    if found != schema {
        return Err(Refusal::NewerSchema { found, of_source: schema }.into());
    }
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
    store.migrate().await?;
    Ok(written)
}

/// Whether an import into the database was begun and not finished, so that rows are missing.
pub async fn is_import_unfinished(store: &Store) -> Result<bool> {
    match store.bulk() {
        Bulk::Sqlite(file) => blocking(move || sqlite::has_progress(&file)).await,
        Bulk::Postgres(pool) => postgres::has_progress(&pool).await,
    }
}
