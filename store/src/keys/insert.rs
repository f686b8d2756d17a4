//! Adding keys.

use model::Timestamp;
use model::id::{ServiceAccountId, UserId};
use model::key::{Key, KeyOwner, KeyStatus, LastUse};

use super::marks::{Marks, Moments};
use super::row::Values;
use super::terms::TermRow;
use super::totals::{Facts, Tally};
use crate::db::{Tx, build};
use crate::{Result, changes};

/// Rows of one statement: 30 values each, within the 32,766 that SQLite takes.
const ROWS_MAX: usize = 200;

/// Adds a key. Taken: `key_name` among the owner's active keys, or `key_hash`.
pub async fn insert(tx: &mut Tx, key: &Key) -> Result<()> {
    insert_many(tx, std::slice::from_ref(key)).await
}

/// Adds many keys, with few statements.
pub async fn insert_many(tx: &mut Tx, keys: &[Key]) -> Result<()> {
    insert_all(tx, keys, None).await
}

/// Adds many keys that have a past: those whose time has passed need not be found by the sweep.
pub async fn insert_with_past(tx: &mut Tx, keys: &[Key], now: Timestamp) -> Result<()> {
    insert_all(tx, keys, Some(now)).await
}

async fn insert_all(tx: &mut Tx, keys: &[Key], now: Option<Timestamp>) -> Result<()> {
    for key in keys {
        tx.touch(changes::secret(&key.key_hash)?);
    }
    for keys in keys.chunks(ROWS_MAX) {
        let rows: Vec<_> = keys
            .iter()
            .map(|key| Values::of(key, crate::terms::to_text(&crate::terms::of_key(key))))
            .collect::<Result<_>>()?;
        insert_rows(tx, &rows, now).await?;
        let mut tally = Tally::default();
        let mut terms: Vec<TermRow<'_>> = Vec::new();
        for row in &rows {
            let organization = row.key.organization_id.as_str();
            let status = new_status(row.key, now);
            terms.extend(super::terms::rows(
                organization,
                status.as_str(),
                row.key.key_id.as_str(),
                &row.search_text,
            ));
            tally.add(organization, Facts::of(row.key, status, new_marks(row.key, now)));
        }
        super::terms::insert(tx, &terms).await?;
        tally.write(tx).await?;
    }
    Ok(())
}

/// The stored status of a key. Without a moment to compare with, whether its time has passed is for the sweep to find.
fn new_status(key: &Key, now: Option<Timestamp>) -> KeyStatus {
    match (&key.revoked, now) {
        (_, Some(now)) => key.status(now),
        (Some(_), None) => KeyStatus::Revoked,
        (None, None) => KeyStatus::Active,
    }
}

/// What is noted of a new key. Without a moment to compare with, that of its making will do: the sweep finds the rest.
fn new_marks(key: &Key, now: Option<Timestamp>) -> Marks {
    Marks::of(key, &Moments::at(now.unwrap_or(key.created_at)))
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
                let Marks { is_expiring, is_unused } = new_marks(key, now);
                row.push_bind(is_expiring).push_bind(is_unused);
                // The owner's row is locked, so that this and an end of the owner come one after the other.
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
