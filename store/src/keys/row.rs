//! The row of a key.

use model::Timestamp;
use model::key::{Disabling, Key, KeyOwner, LastUse, Permissions, Revocation};

use crate::{Error, Result, decode, hash, search_terms};

/// The columns of [`Row`], for a table with alias `k`. If the organization is given, its internal id is looked up only
/// once.
macro_rules! columns {
    () => {
        $crate::keys::row::columns!("k.organization_id")
    };
    ($organization:literal) => {
        concat!(
            "k.key_id, k.organization_id, k.user_id, k.service_account_id, k.key_hash, k.shown_prefix, k.name, \
         k.description, k.permissions, k.scopes, k.rate_limit_override, k.expires_at, k.created_at, k.created_by, k.rotated_at, k.last_used_at, \
         k.last_used_address, k.last_used_agent, k.disabled_at, k.disabled_by, k.revoked_at, k.revoked_by, \
         k.revoked_reason, k.version, COALESCE(k.ended_at, ",
            $crate::keys::ended::end_of!("k", "expired", "ended_at"),
            ") AS ended_at, ",
            $crate::keys::ended::end_of!("k", "active", "ended_at"),
            " AS end_at, ",
            $crate::keys::ended::end_of!("k", "active", "ended_by"),
            " AS end_by, ",
            $crate::keys::ended::end_of!("k", "active", "reason"),
            " AS end_reason, \
         (SELECT o.internal_id FROM organizations o WHERE o.organization_id = ",
            $organization,
            ") AS internal_id"
        )
    };
}

pub(super) use columns;

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    key_id: String,
    organization_id: String,
    internal_id: String,
    user_id: Option<String>,
    service_account_id: Option<String>,
    key_hash: Vec<u8>,
    shown_prefix: String,
    name: String,
    description: String,
    permissions: i16,
    scopes: String,
    rate_limit_override: Option<i64>,
    expires_at: Option<i64>,
    created_at: i64,
    created_by: Option<String>,
    rotated_at: Option<i64>,
    last_used_at: Option<i64>,
    last_used_address: Option<String>,
    last_used_agent: Option<String>,
    disabled_at: Option<i64>,
    disabled_by: Option<String>,
    revoked_at: Option<i64>,
    revoked_by: Option<String>,
    revoked_reason: Option<String>,
    ended_at: Option<i64>,
    version: i64,
    /// The owner revocation that ended the key, until a batch has stored it in the row.
    end_at: Option<i64>,
    end_by: Option<String>,
    end_reason: Option<String>,
}

impl TryFrom<Row> for Key {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row {
            key_id,
            organization_id,
            internal_id,
            user_id,
            service_account_id,
            key_hash,
            shown_prefix,
            name,
            description,
            permissions,
            scopes,
            rate_limit_override,
            expires_at,
            created_at,
            created_by,
            rotated_at,
            last_used_at,
            last_used_address,
            last_used_agent,
            disabled_at,
            disabled_by,
            revoked_at,
            revoked_by,
            revoked_reason,
            ended_at,
            version,
            end_at,
            end_by,
            end_reason,
        } = row;
        let limit =
            rate_limit_override.map(|limit| decode::number(limit, "a key's rate limit")).transpose()?;
        Ok(Self {
            key_id: decode::text(key_id, "a key's id")?,
            organization_id: decode::text(organization_id, "a key's organization")?,
            internal_id: decode::text(internal_id, "an organization's internal id")?,
            owner: to_owner(user_id, service_account_id)?,
            key_hash: hash::to_hex(&key_hash),
            shown_prefix,
            name: decode::text(name, "a key's name")?,
            description,
            permissions: to_permissions(permissions)?,
            scopes: decode::json(&scopes, "a key's scopes")?,
            rate_limit_override: limit,
            expires_at: decode::time(expires_at),
            created_at: Timestamp::from_micros(created_at),
            created_by: decode::optional_text(created_by, "a key's maker")?,
            rotated_at: decode::time(rotated_at),
            last_use: to_last_use(last_used_at, last_used_address, last_used_agent),
            disabled: match disabled_at {
                Some(at) => Some(Disabling {
                    at: Timestamp::from_micros(at),
                    by: decode::optional_text(disabled_by, "who disabled a key")?,
                }),
                None => None,
            },
            revoked: match to_revocation(revoked_at, revoked_by, revoked_reason)? {
                Some(revocation) => Some(revocation),
                None => to_revocation(end_at, end_by, end_reason)?,
            },
            ended_at: decode::time(ended_at),
            version,
        })
    }
}

/// Exactly one of the two columns is set.
fn to_owner(user_id: Option<String>, service_account_id: Option<String>) -> Result<KeyOwner> {
    let what = "a key's owner";
    match (user_id, service_account_id) {
        (Some(id), None) => Ok(KeyOwner::User(decode::text(id, what)?)),
        (None, Some(id)) => Ok(KeyOwner::ServiceAccount(decode::text(id, what)?)),
        (None, None) | (Some(_), Some(_)) => decode::word(None, what),
    }
}

fn to_revocation(at: Option<i64>, by: Option<String>, reason: Option<String>) -> Result<Option<Revocation>> {
    let Some(at) = at.map(Timestamp::from_micros) else { return Ok(None) };
    let by = decode::optional_text(by, "who revoked a key")?;
    Ok(Some(Revocation { at, by, reason: reason.unwrap_or_default() }))
}

pub(super) fn to_permissions(bits: i16) -> Result<Permissions> {
    decode::number::<u8>(i64::from(bits), "a key's permissions").map(Permissions::from_bits)
}

pub(super) fn to_last_use(
    at: Option<i64>,
    address: Option<String>,
    agent: Option<String>,
) -> Option<LastUse> {
    at.map(|at| LastUse { at: Timestamp::from_micros(at), address, agent })
}

/// The columns of a key that both insert and update write.
pub(super) struct Values<'k> {
    pub key: &'k Key,
    pub key_hash: Vec<u8>,
    pub name_folded: String,
    pub permissions: i16,
    pub scopes: String,
    pub rate_limit_override: Option<i64>,
    pub search_text: String,
}

impl<'k> Values<'k> {
    pub fn of(key: &'k Key) -> Result<Self> {
        let terms = search_terms::of_key(key.name.as_str(), key.key_id.as_str(), &key.shown_prefix);
        Ok(Self {
            key,
            key_hash: hash::from_hex(&key.key_hash)?,
            name_folded: model::text::fold(key.name.as_str()),
            permissions: i16::from(key.permissions.bits()),
            scopes: decode::to_json(&key.scopes, "scopes")?,
            rate_limit_override: key.rate_limit_override.map(i64::from),
            search_text: search_terms::to_text(&terms),
        })
    }
}
