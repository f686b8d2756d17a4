//! Adds keys.

use model::Timestamp;
use model::id::{ServiceAccountId, UserId};
use model::key::{Key, KeyOwner, KeyStatus, LastUse};

use super::expiry_flags::{ExpiryFlags, FlagTimes};
use super::key_search_terms::TermRow;
use super::row::Values;
use super::totals::{Facts, TotalsDelta};
use crate::db::{Tx, build};
use crate::{Result, invalidations};

/// Rows per statement. Each has 31 values, and SQLite allows 32,766 values in a statement.
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
        let rows: Vec<_> = keys.iter().map(Values::of).collect::<Result<_>>()?;
        insert_rows(tx, &rows, now).await?;
        let mut tally = TotalsDelta::default();
        let mut terms: Vec<TermRow<'_>> = Vec::new();
        for row in &rows {
            let organization = row.key.organization_id.as_str();
            let status = new_status(row.key, now);
            terms.extend(super::key_search_terms::rows(
                organization,
                status.as_str(),
                row.key.key_id.as_str(),
                &row.search_text,
            ));
            tally.add(organization, Facts::of(row.key, status, new_marks(row.key, now)));
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
fn new_marks(key: &Key, now: Option<Timestamp>) -> ExpiryFlags {
    ExpiryFlags::of(key, &FlagTimes::at(now.unwrap_or(key.created_at)))
}

async fn insert_rows(tx: &mut Tx, rows: &[Values<'_>], now: Option<Timestamp>) -> Result<()> {
    build!(
        tx,
        "INSERT INTO keys (key_id, organization_id, user_id, service_account_id, key_hash, shown_prefix, name, \
         name_folded, description, permissions, scopes, rate_limit_override, expires_at, created_at, created_by, rotated_at, last_used_at, \
         last_used_address, last_used_agent, disabled_at, disabled_by, revoked_at, revoked_by, revoked_reason, status, \
         version, search_text, is_expiring, is_unused, after_end, ended_at) ",
        |builder| {
            builder.push_values(rows, |mut row, values| {
                let Values {
                    key,
                    key_hash,
                    name_folded,
                    permissions,
                    scopes,
                    rate_limit_override,
                    search_text,
                } = values;
                let Key {
                    key_id,
                    organization_id,
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
                    created_at,
                    created_by,
                    rotated_at,
                    last_use,
                    disabled,
                    revoked,
                    ended_at,
                    version,
                } = key;
                row.push_bind(key_id.as_str()).push_bind(organization_id.as_str());
                row.push_bind(owner.user_id().map(UserId::as_str))
                    .push_bind(owner.service_account_id().map(ServiceAccountId::as_str));
                row.push_bind(key_hash.as_slice()).push_bind(shown_prefix).push_bind(name.as_str());
                row.push_bind(name_folded).push_bind(description).push_bind(permissions).push_bind(scopes);
                row.push_bind(rate_limit_override).push_bind(expires_at.map(Timestamp::micros));
                row.push_bind(created_at.micros()).push_bind(created_by.as_ref().map(KeyOwner::as_str));
                row.push_bind(rotated_at.map(Timestamp::micros));
                let (address, agent) = last_use.as_ref().map_or((None, None), use_details);
                row.push_bind(last_use.as_ref().map(|used| used.at.micros()))
                    .push_bind(address)
                    .push_bind(agent);
                row.push_bind(disabled.as_ref().map(|disabling| disabling.at.micros()));
                row.push_bind(
                    disabled.as_ref().and_then(|disabling| disabling.by.as_ref()).map(KeyOwner::as_str),
                );
                row.push_bind(revoked.as_ref().map(|revocation| revocation.at.micros()));
                row.push_bind(revoked.as_ref().and_then(|end| end.by.as_ref()).map(KeyOwner::as_str));
                row.push_bind(revoked.as_ref().map(|revocation| revocation.reason.as_str()));
                row.push_bind(new_status(key, now).as_str()).push_bind(*version).push_bind(search_text);
                let ExpiryFlags { is_expiring, is_unused } = new_marks(key, now);
                row.push_bind(is_expiring).push_bind(is_unused);
                // The owner's row is locked, so this cannot run at the same time as an owner revocation.
                row.push("(SELECT max(e.number) FROM owner_ends e WHERE e.owner_id = ")
                    .push_bind_unseparated(owner.as_str())
                    .push_unseparated(")");
                row.push_bind(ended_at.map(Timestamp::micros));
            });
        },
        execute
    )?;
    Ok(())
}

fn use_details(used: &LastUse) -> (Option<&str>, Option<&str>) {
    (used.address.as_deref(), used.agent.as_deref())
}
