//! Adds keys.

use model::Timestamp;
use model::key::{Key, KeyStatus};

use super::expiry_flags::{ExpiryFlags, FlagTimes};
use super::key_search_terms::TermRow;
use super::row::{Derived, Stored};
use super::totals::{Facts, TotalsDelta};
use crate::db::{Column, Tx, build};
use crate::{Result, invalidations};

/// Rows per statement. Each has a few dozen values, and SQLite allows 32,766 values in a statement.
const ROWS_MAX: usize = 200;

/// Adds a key. Fails with `Taken("key_name")` if the owner has an active key with this name, or with
/// `Taken("key_hash")` if a key has this secret.
pub async fn insert(tx: &mut Tx, key: &Key) -> Result<()> {
    insert_many(tx, std::slice::from_ref(key)).await
}

/// Adds many keys with few statements.
pub async fn insert_many(tx: &mut Tx, keys: &[Key]) -> Result<()> {
    insert_all(tx, keys, None).await
}

/// Adds many keys that may already have expired. Their status at `now` is stored, so that the sweep does not have to
/// find them.
pub async fn insert_with_past(tx: &mut Tx, keys: &[Key], now: Timestamp) -> Result<()> {
    insert_all(tx, keys, Some(now)).await
}

async fn insert_all(tx: &mut Tx, keys: &[Key], now: Option<Timestamp>) -> Result<()> {
    for key in keys {
        tx.invalidate(invalidations::secret(&key.key_hash)?);
    }
    for keys in keys.chunks(ROWS_MAX) {
        let rows: Vec<_> = keys.iter().map(|key| NewRow::of(key, now)).collect::<Result<_>>()?;
        insert_rows(tx, &rows).await?;
        let mut tally = TotalsDelta::default();
        let mut terms: Vec<TermRow<'_>> = Vec::new();
        for NewRow { key, stored, derived, flags } in &rows {
            let (organization, id) = (&stored.organization_id, &stored.key_id);
            let status = derived.status;
            terms.extend(super::key_search_terms::rows(
                organization,
                status.as_str(),
                id,
                &derived.search_text,
            ));
            tally.add(organization, Facts::of(key, status, *flags));
        }
        super::key_search_terms::insert(tx, &terms).await?;
        tally.write(tx).await?;
    }
    Ok(())
}

/// The stored status of a key. Without `now`, the sweep has to find out whether the key has expired.
fn new_status(key: &Key, now: Option<Timestamp>) -> KeyStatus {
    match (&key.revoked, now) {
        (_, Some(now)) => key.status(now),
        (Some(_), None) => KeyStatus::Revoked,
        (None, None) => KeyStatus::Active,
    }
}

/// The stored flags of a key. Without `now`, they are those at its creation, and the sweep corrects them.
fn new_flags(key: &Key, now: Option<Timestamp>) -> ExpiryFlags {
    ExpiryFlags::of(key, &FlagTimes::at(now.unwrap_or(key.created_at)))
}

/// A key as it is added.
struct NewRow<'k> {
    key: &'k Key,
    stored: Stored,
    derived: Derived<'k>,
    flags: ExpiryFlags,
}

impl<'k> NewRow<'k> {
    fn of(key: &'k Key, now: Option<Timestamp>) -> Result<Self> {
        let flags = new_flags(key, now);
        let derived = Derived::of(key, new_status(key, now), flags.is_expiring);
        Ok(Self { key, stored: Stored::of(key)?, derived, flags })
    }

    fn columns(&self) -> impl Iterator<Item = Column<'_>> {
        let is_unused = Column::set("is_unused", self.flags.is_unused);
        self.stored.columns().into_iter().chain(self.derived.columns()).chain([is_unused])
    }
}

async fn insert_rows(tx: &mut Tx, rows: &[NewRow<'_>]) -> Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    let names: Vec<_> = first.columns().map(|column| column.name).collect();
    let start = format!("INSERT INTO keys ({}, after_end) ", names.join(", "));
    build!(
        tx,
        start,
        |builder| {
            builder.push_values(rows, |mut list, row| {
                for column in row.columns() {
                    column.push_value(&mut list);
                }
                // The owner's row is locked, so this cannot run at the same time as an owner revocation.
                list.push("(SELECT max(e.number) FROM owner_ends e WHERE e.owner_id = ")
                    .push_bind_unseparated(row.key.owner.as_str())
                    .push_unseparated(")");
            });
        },
        execute
    )?;
    Ok(())
}
