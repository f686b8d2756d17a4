//! Updates a key.

use model::Timestamp;
use model::id::{ServiceAccountId, UserId};
use model::key::{Key, KeyOwner, KeyStatus};

use super::expiry_flags::ExpiryFlags;
use super::grace_periods::{delete_ended, invalidate_grace_periods};
use super::row::Values;
use super::totals::{Facts, TotalsDelta};
use crate::db::{PerDatabase, Tx, run};
use crate::search_terms::from_text;
use crate::{Result, decode, hash, invalidations};

/// The columns whose previous values an update needs.
#[derive(sqlx::FromRow)]
struct Before {
    key_hash: Vec<u8>,
    status: String,
    search_text: String,
    is_disabled: bool,
    never_expires: bool,
    is_unlimited: bool,
    #[sqlx(flatten)]
    marks: ExpiryFlags,
}

macro_rules! before {
    ($lock:literal) => {
        concat!(
            "SELECT key_hash, status, search_text, disabled_at IS NOT NULL AS is_disabled, \
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
    let Before { key_hash, status, search_text, is_disabled, never_expires, is_unlimited, marks: old_marks } =
        before;
    let old_status = decode::word(KeyStatus::from_word(&status), "a key's status")?;
    let status = key.status(now);
    let values = Values::of(key)?;
    // `write` checks the version, so the row is still the one that was read above.
    //
    // The sweep finds out whether the new expiry is soon and whether the key is used. It does not check keys without an
    // expiry, so their flag is cleared here.
    let marks = ExpiryFlags { is_expiring: old_marks.is_expiring && key.expires_at.is_some(), ..old_marks };
    if !write(tx, &values, status, marks).await? {
        return Ok(false);
    }
    let (organization, id) = (key.organization_id.as_str(), key.key_id.as_str());
    tx.invalidate(invalidations::secret(&hash::to_hex(&key_hash))?);
    tx.invalidate(invalidations::secret(&key.key_hash)?);
    // Verdicts on earlier secrets depend on the key: they end with it and have its permissions.
    delete_ended(tx, &key.key_id, now).await?;
    invalidate_grace_periods(tx, &key.key_id).await?;
    if search_text != values.search_text {
        let terms: Vec<_> =
            super::key_search_terms::rows(organization, status.as_str(), id, &values.search_text).collect();
        let old_terms: Vec<_> = from_text(&search_text).collect();
        super::key_search_terms::delete(tx, organization, old_status.as_str(), id, &old_terms).await?;
        super::key_search_terms::insert(tx, &terms).await?;
    } else if status != old_status {
        let old_terms: Vec<_> =
            super::key_search_terms::rows(organization, old_status.as_str(), id, &search_text).collect();
        super::key_search_terms::set_status(tx, &old_terms, status.as_str()).await?;
    }
    let mut tally = TotalsDelta::default();
    let old = Facts { status: old_status, is_disabled, never_expires, is_unlimited, marks: old_marks };
    tally.subtract(organization, old);
    tally.add(organization, Facts::of(key, status, marks));
    tally.write(tx).await?;
    Ok(true)
}

async fn write(tx: &mut Tx, values: &Values<'_>, status: KeyStatus, marks: ExpiryFlags) -> Result<bool> {
    const SQL: &str = "UPDATE keys SET user_id = $3, shown_prefix = $4, name = $5, name_folded = $6, \
        description = $7, permissions = $8, scopes = $9, rate_limit_override = $10, expires_at = $11, rotated_at = $12, \
        last_used_at = CASE WHEN key_hash = $13 THEN last_used_at ELSE $14 END, \
        last_used_address = CASE WHEN key_hash = $13 THEN last_used_address ELSE $15 END, \
        last_used_agent = CASE WHEN key_hash = $13 THEN last_used_agent ELSE $16 END, key_hash = $13, \
        disabled_at = $17, disabled_by = $18, revoked_at = $19, revoked_by = $20, revoked_reason = $21, status = $22, \
        search_text = $23, service_account_id = $24, is_expiring = $25, ended_at = $26, version = version + 1 \
        WHERE key_id = $1 AND version = $2 AND revoked_at IS NULL AND ended_at IS NULL";
    let Values { key, key_hash, name_folded, permissions, scopes, rate_limit_override, search_text } = values;
    let Key {
        key_id,
        organization_id: _,
        internal_id: _,
        owner,
        key_hash: _,
        shown_prefix,
        name,
        description,
        permissions: _,
        scopes: _,
        rate_limit_override: _,
        expires_at,
        created_at: _,
        created_by: _,
        rotated_at,
        last_use,
        disabled,
        revoked,
        ended_at,
        version,
    } = *key;
    let rows = run!(
        tx,
        SQL,
        [
            key_id.as_str(),
            *version,
            owner.user_id().map(UserId::as_str),
            shown_prefix,
            name.as_str(),
            name_folded,
            description,
            *permissions,
            scopes,
            *rate_limit_override,
            expires_at.map(Timestamp::micros),
            rotated_at.map(Timestamp::micros),
            key_hash.as_slice(),
            last_use.as_ref().map(|used| used.at.micros()),
            last_use.as_ref().and_then(|used| used.address.as_deref()),
            last_use.as_ref().and_then(|used| used.agent.as_deref()),
            disabled.as_ref().map(|disabling| disabling.at.micros()),
            disabled.as_ref().and_then(|disabling| disabling.by.as_ref()).map(KeyOwner::as_str),
            revoked.as_ref().map(|revocation| revocation.at.micros()),
            revoked.as_ref().and_then(|revocation| revocation.by.as_ref()).map(KeyOwner::as_str),
            revoked.as_ref().map(|revocation| revocation.reason.as_str()),
            status.as_str(),
            search_text,
            owner.service_account_id().map(ServiceAccountId::as_str),
            marks.is_expiring,
            ended_at.map(Timestamp::micros),
        ],
        execute
    )?;
    Ok(rows == 1)
}
