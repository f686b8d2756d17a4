//! Updates a key.

use model::Timestamp;
use model::key::{Key, KeyStatus};

use super::expiry_flags::ExpiryFlags;
use super::grace_periods::{delete_ended, invalidate_grace_periods};
use super::row::{Derived, Stored};
use super::totals::{Facts, TotalsDelta};
use crate::db::{Column, PerDatabase, Tx, build, run};
use crate::search_terms::from_text;
use crate::stored_name::StoredName;
use crate::{Result, decode, hash, invalidations};

/// The columns whose previous values an update needs.
#[derive(sqlx::FromRow)]
struct Before {
    key_hash: Vec<u8>,
    name: String,
    status: String,
    search_text: String,
    is_disabled: bool,
    never_expires: bool,
    is_unlimited: bool,
    #[sqlx(flatten)]
    flags: ExpiryFlags,
}

macro_rules! before {
    ($lock:literal) => {
        concat!(
            "SELECT key_hash, name, status, search_text, disabled_at IS NOT NULL AS is_disabled, \
             expires_at IS NULL AS never_expires, rate_limit_override IS NULL AS is_unlimited, is_expiring, \
             is_unused FROM keys \
             WHERE key_id = $1 AND version = $2 AND revoked_at IS NULL AND ended_at IS NULL",
            $lock
        )
    };
}

/// Updates all columns and increments the version, provided that the stored version is still that of `key`. Returns
/// false if the key was changed meanwhile or has ended for good. Deletes earlier secrets whose grace period is over.
/// Fails with `Taken("key_name")` or `Taken("key_hash")` if a name or secret is already in use.
///
/// If the secret stays the same, the stored last use is kept, because uses are recorded without a new version. The
/// stored status is set to the status at `now`.
pub async fn update(tx: &mut Tx, key: &Key, now: Timestamp) -> Result<bool> {
    // The row is locked, because the sweep sets expiry flags without a new version. SQLite has only one writer.
    const BEFORE: PerDatabase = PerDatabase { sqlite: before!(""), postgres: before!(" FOR UPDATE") };
    let Some(before) = run!(tx, BEFORE, [key.key_id.as_str(), key.version], fetch_optional::<Before>)? else {
        return Ok(false);
    };
    let Before {
        key_hash,
        name,
        status,
        search_text,
        is_disabled,
        never_expires,
        is_unlimited,
        flags: old_flags,
    } = before;
    let old_status = decode::word(KeyStatus::from_word(&status), "a key's status")?;
    let status = key.status(now);
    // `write` checks the version, so the row is still the one that was read above.
    //
    // The sweep finds out whether the new expiry is soon and whether the key is used. It does not check keys without an
    // expiry, so their flag is cleared here.
    let flags =
        ExpiryFlags { is_expiring: old_flags.is_expiring && key.fields.expires_at.is_some(), ..old_flags };
    let mut derived = Derived::of(key, status, flags.is_expiring);
    derived.name = StoredName::over(&name, key.fields.name.as_str());
    if !write(tx, &Stored::of(key)?, &derived).await? {
        return Ok(false);
    }
    let (organization, id) = (key.organization_id.as_str(), key.key_id.as_str());
    tx.invalidate(invalidations::secret(&hash::to_hex(&key_hash))?);
    tx.invalidate(invalidations::secret(&key.key_hash)?);
    // Verdicts on earlier secrets depend on the key: they end with it and have its permissions.
    delete_ended(tx, &key.key_id, now).await?;
    invalidate_grace_periods(tx, &key.key_id).await?;
    if search_text != derived.search_text {
        let terms: Vec<_> =
            super::key_search_terms::rows(organization, status.as_str(), id, &derived.search_text).collect();
        let old_terms: Vec<_> = from_text(&search_text).collect();
        super::key_search_terms::delete(tx, organization, old_status.as_str(), id, &old_terms).await?;
        super::key_search_terms::insert(tx, &terms).await?;
    } else if status != old_status {
        let old_terms: Vec<_> =
            super::key_search_terms::rows(organization, old_status.as_str(), id, &search_text).collect();
        super::key_search_terms::set_status(tx, &old_terms, status.as_str()).await?;
    }
    let mut tally = TotalsDelta::default();
    let old = Facts { status: old_status, is_disabled, never_expires, is_unlimited, flags: old_flags };
    tally.subtract(organization, old);
    tally.add(organization, Facts::of(key, status, flags));
    tally.write(tx).await?;
    Ok(true)
}

/// The columns that are kept while the secret stays the same.
const LAST_USE: [&str; 3] = ["last_used_at", "last_used_address", "last_used_agent"];

/// Writes the columns, unless the key was changed meanwhile or has ended for good.
async fn write(tx: &mut Tx, stored: &Stored, derived: &Derived<'_>) -> Result<bool> {
    let columns = stored.columns().into_iter().filter(Column::is_set).chain(derived.columns());
    let rows = build!(
        tx,
        "UPDATE keys SET ",
        |builder| {
            let mut list = builder.separated(", ");
            for column in columns {
                if LAST_USE.contains(&column.name) {
                    column.push_assignment_with(Column::set("key_hash", &stored.key_hash), &mut list);
                } else {
                    column.push_assignment(&mut list);
                }
            }
            list.push("version = version + 1");
            builder.push(" WHERE key_id = ").push_bind(&stored.key_id);
            builder.push(" AND version = ").push_bind(stored.version);
            builder.push(" AND revoked_at IS NULL AND ended_at IS NULL");
        },
        execute
    )?;
    Ok(rows == 1)
}
