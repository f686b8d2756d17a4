//! Writes rows into an empty database. After a crash, the same import continues where it stopped.

use super::batch::Parts;
use super::export::{Export, blocking, count, export};
use super::tables::Table;
use super::tally::Tally;
use super::{postgres, sqlite};
use crate::db::Bulk;
use crate::{Refusal, Result, Store};

/// Brings a database to the schema of a source, unless it contains an organization or an account. Returns its tables.
pub async fn prepare(store: &Store, schema: i64) -> Result<Vec<Table>> {
    let is_in_use = match store.bulk() {
        Bulk::Sqlite(file) => blocking(move || sqlite::is_in_use(&file)).await?,
        Bulk::Postgres(pool) => postgres::is_in_use(&pool).await?,
    };
    if is_in_use {
        return Err(Refusal::NotEmpty.into());
    }
    store.migrate_to(schema).await?;
    let Export { schema: found, tables, .. } = export(store).await?;
    if found != schema {
        return Err(Refusal::NewerSchema { found, of_source: schema }.into());
    }
    Ok(tables)
}

/// Writes all rows of a source with this schema into a database that has no organization and no account, or continues
/// such an import. Then compares every table with the source, and brings the database to the schema of this version.
/// Until the tables are compared, [`is_import_unfinished`] is true.
pub async fn import(store: &Store, schema: i64, parts: Parts) -> Result<Tally> {
    let written = import_as_it_was(store, schema, parts).await?;
    store.migrate().await?;
    Ok(written)
}

/// As [`import`], but the database keeps the schema of the source.
pub async fn import_as_it_was(store: &Store, schema: i64, parts: Parts) -> Result<Tally> {
    prepare(store, schema).await?;
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
