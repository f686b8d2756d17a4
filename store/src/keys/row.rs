//! The row of a key.

use model::Timestamp;
use model::key::{Disabling, Key, KeyFields, KeyOwner, KeyStatus, LastUse, Permissions, Revocation};

use crate::db::Column;
use crate::stored_name::StoredName;
use crate::{Error, Result, decode, hash, search_terms};

/// The columns of a key that are read and written. A new column is added here, and converted in [`Stored::of`] and in
/// the conversion of [`Row`].
macro_rules! stored {
    ($make:ident!($($of:tt)+)) => {
        $crate::db::$make! { $($of)+ {
            fixed key_id: String,
            fixed organization_id: String,
            set user_id: Option<String>,
            set service_account_id: Option<String>,
            set key_hash: Vec<u8>,
            set shown_prefix: String,
            set description: String,
            set permissions: i16,
            set scopes: String,
            set rate_limit_override: Option<i64>,
            set expires_at: Option<i64>,
            fixed environment: String,
            set metadata: String,
            fixed created_at: i64,
            fixed created_by: Option<String>,
            set rotated_at: Option<i64>,
            set last_used_at: Option<i64>,
            set last_used_address: Option<String>,
            set last_used_agent: Option<String>,
            set disabled_at: Option<i64>,
            set disabled_by: Option<String>,
            set revoked_at: Option<i64>,
            set revoked_by: Option<String>,
            set revoked_reason: Option<String>,
            set ended_at: Option<i64>,
            fixed version: i64,
        } }
    };
}

stored!(row!(Stored));

/// The columns of [`Row`], for a table with alias `k`. If the organization is given, its internal id is looked up only
/// once.
macro_rules! columns {
    () => {
        $crate::keys::row::columns!("k.organization_id")
    };
    ($organization:literal) => {
        concat!(
            $crate::keys::row::stored!(select!("k")),
            $crate::stored_name::spelled!("k"),
            " AS name, ",
            $crate::keys::ended::end_of!("k", "expired", "ended_at"),
            " AS expired_at_end, ",
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

pub(super) use {columns, stored};

/// A stored key, its organization's internal id, and the owner revocation that ended it, until a batch has stored that
/// in the row.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    #[sqlx(flatten)]
    stored: Stored,
    /// The name as it was sent.
    name: String,
    internal_id: String,
    /// When an owner revocation ended the key after it had expired.
    expired_at_end: Option<i64>,
    /// When an owner revocation ended the key while it was active.
    end_at: Option<i64>,
    end_by: Option<String>,
    end_reason: Option<String>,
}

impl TryFrom<Row> for Key {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row { stored, name, internal_id, expired_at_end, end_at, end_by, end_reason } = row;
        let Stored {
            key_id,
            organization_id,
            user_id,
            service_account_id,
            key_hash,
            shown_prefix,
            description,
            permissions,
            scopes,
            rate_limit_override,
            expires_at,
            environment,
            metadata,
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
        } = stored;
        let limit =
            rate_limit_override.map(|limit| decode::number(limit, "a key's rate limit")).transpose()?;
        Ok(Self {
            key_id: decode::text(key_id, "a key's id")?,
            organization_id: decode::text(organization_id, "a key's organization")?,
            internal_id: decode::text(internal_id, "an organization's internal id")?,
            owner: to_owner(user_id, service_account_id)?,
            key_hash: hash::to_hex(&key_hash),
            shown_prefix,
            fields: KeyFields {
                name: decode::text(name, "a key's name")?,
                description,
                permissions: to_permissions(permissions)?,
                scopes: decode::json(&scopes, "a key's scopes")?,
                rate_limit_override: limit,
                expires_at: decode::time(expires_at),
                environment: decode::text(environment, "a key's environment")?,
                metadata: decode::json(&metadata, "a key's metadata")?,
            },
            created_at: Timestamp::from_micros(created_at),
            created_by: decode::optional_text(created_by, "a key's creator")?,
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
            ended_at: decode::time(ended_at.or(expired_at_end)),
            version,
        })
    }
}

impl Stored {
    /// The row of a key.
    pub fn of(key: &Key) -> Result<Self> {
        let Key {
            key_id,
            organization_id,
            internal_id: _of_organization,
            owner,
            key_hash,
            shown_prefix,
            fields:
                KeyFields {
                    name: _derived,
                    description,
                    permissions,
                    scopes,
                    rate_limit_override,
                    expires_at,
                    environment,
                    metadata,
                },
            created_at,
            created_by,
            rotated_at,
            last_use,
            disabled,
            revoked,
            ended_at,
            version,
        } = key;
        let id = |owner: &KeyOwner| owner.as_str().to_owned();
        Ok(Self {
            key_id: key_id.as_str().to_owned(),
            organization_id: organization_id.as_str().to_owned(),
            user_id: owner.user_id().map(|id| id.as_str().to_owned()),
            service_account_id: owner.service_account_id().map(|id| id.as_str().to_owned()),
            key_hash: hash::from_hex(key_hash)?,
            shown_prefix: shown_prefix.clone(),
            description: description.clone(),
            permissions: i16::from(permissions.bits()),
            scopes: decode::to_json(scopes, "scopes")?,
            rate_limit_override: rate_limit_override.map(i64::from),
            expires_at: expires_at.map(Timestamp::micros),
            environment: environment.as_str().to_owned(),
            metadata: decode::to_json(metadata, "metadata")?,
            created_at: created_at.micros(),
            created_by: created_by.as_ref().map(id),
            rotated_at: rotated_at.map(Timestamp::micros),
            last_used_at: last_use.as_ref().map(|used| used.at.micros()),
            last_used_address: last_use.as_ref().and_then(|used| used.address.clone()),
            last_used_agent: last_use.as_ref().and_then(|used| used.agent.clone()),
            disabled_at: disabled.as_ref().map(|disabling| disabling.at.micros()),
            disabled_by: disabled.as_ref().and_then(|disabling| disabling.by.as_ref()).map(id),
            revoked_at: revoked.as_ref().map(|revocation| revocation.at.micros()),
            revoked_by: revoked.as_ref().and_then(|revocation| revocation.by.as_ref()).map(id),
            revoked_reason: revoked.as_ref().map(|revocation| revocation.reason.clone()),
            ended_at: ended_at.map(Timestamp::micros),
            version: *version,
        })
    }
}

/// What is stored in addition, so that lists and searches can use an index.
pub(super) struct Derived<'k> {
    pub name: StoredName<'k>,
    pub name_folded: String,
    /// The number of the rules and every search term, each after a U+001F.
    pub search_text: String,
    pub status: KeyStatus,
    pub is_expiring: bool,
}

impl<'k> Derived<'k> {
    pub fn of(key: &'k Key, status: KeyStatus, is_expiring: bool) -> Self {
        let name = key.fields.name.as_str();
        let metadata = &key.fields.metadata;
        let terms = search_terms::of_key(name, key.key_id.as_str(), &key.shown_prefix, metadata);
        Self {
            name: StoredName::of(name),
            name_folded: model::text::fold(name),
            search_text: search_terms::to_text(&terms, metadata),
            status,
            is_expiring,
        }
    }

    pub fn columns(&self) -> impl Iterator<Item = Column<'_>> {
        let others = [
            Column::set("name_folded", &self.name_folded),
            Column::set("search_text", &self.search_text),
            Column::set("status", self.status.as_str()),
            Column::set("is_expiring", self.is_expiring),
        ];
        self.name.columns().into_iter().chain(others)
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
