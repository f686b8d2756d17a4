//! Reads all secrets of the database for the key cache, with everything that a verdict needs.

use model::Timestamp;
use model::id::{OrganizationId, ServiceAccountId, UserId};
use model::key::{Environment, KeyOwner, Permissions, ResourceScope};
use model::service_account::ServiceAccountPermissions;
use model::user::{Role, UserStatus};

use super::find::CredentialOwner;
use super::row::to_permissions;
use crate::db::{BulkRow, Connection, run};
use crate::stored_name::spelled;
use crate::{Error, Result, Store, decode};

/// The current secret of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the flags are independent of each other")]
pub struct Secret {
    pub hash: [u8; 32],
    pub key_id: String,
    pub owner_id: String,
    pub name: String,
    pub permissions: Permissions,
    /// Empty means no restriction.
    pub scopes: Vec<ResourceScope>,
    /// Requests per 60 seconds.
    pub rate_limit_override: Option<u32>,
    pub expires_at: Option<Timestamp>,
    pub environment: Environment,
    /// As JSON without white space. `None` if it is empty.
    pub metadata: Option<String>,
    pub is_disabled: bool,
    pub is_revoked: bool,
    /// Whether the key is stored as expired.
    pub is_expired: bool,
    /// `None` if the key is stored as revoked or has ended for good. Otherwise, every owner revocation with a larger
    /// number ends the key. See [`crate::owner_revocations`].
    pub after_end: Option<i64>,
    /// Whether the key has expired for good.
    pub has_ended: bool,
}

/// Reads the current secrets of all keys in one snapshot, including ended ones, in no particular order. Passes them to
/// `take`, many at a time.
pub async fn each_secret(store: &Store, take: impl FnMut(Vec<Secret>)) -> Result<()> {
    const SQL: &str = concat!(
        "SELECT key_hash, key_id, COALESCE(user_id, service_account_id) AS owner_id, ",
        spelled!("keys"),
        " AS name, permissions, \
        NULLIF(scopes, '[]') AS scopes, rate_limit_override, expires_at, disabled_at IS NOT NULL AS is_disabled, \
        revoked_at IS NOT NULL AS is_revoked, status = 'expired' AS is_expired, \
        CASE WHEN status <> 'revoked' AND ended_at IS NULL THEN COALESCE(after_end, 0) END AS after_end, \
        ended_at IS NOT NULL AS has_ended, environment, NULLIF(metadata, '{}') AS metadata FROM keys"
    );
    store.bulk().each::<Row, _>(SQL, take).await
}

/// Reads the hashes of all stored earlier secrets, including those whose grace period is over.
pub async fn earlier_secrets(db: &mut impl Connection) -> Result<Vec<[u8; 32]>> {
    const SQL: &str = "SELECT key_hash FROM earlier_secrets";
    let rows = run!(db, SQL, [], fetch_all::<(Vec<u8>,)>)?;
    rows.into_iter().map(|(hash,)| to_hash(hash)).collect()
}

/// All users and service accounts with their organizations. Ignores removed organizations.
pub async fn owners(db: &mut impl Connection) -> Result<Vec<(KeyOwner, OrganizationId, CredentialOwner)>> {
    const USERS: &str = "SELECT u.user_id, u.organization_id, u.role, u.status, u.removed_at, u.email FROM users u \
        JOIN organizations g ON g.organization_id = u.organization_id AND g.removed_at IS NULL";
    const ACCOUNTS: &str = concat!(
        "SELECT s.service_account_id, s.organization_id, ",
        spelled!("s"),
        ", s.permissions, s.disabled_at FROM service_accounts s \
         JOIN organizations g ON g.organization_id = s.organization_id AND g.removed_at IS NULL"
    );
    let mut owners = Vec::new();
    let users = run!(db, USERS, [], fetch_all::<(String, String, String, String, Option<i64>, String)>)?;
    for (id, organization, role, status, removed_at, email) in users {
        let id: UserId = decode::text(id, "a member's id")?;
        let owner = CredentialOwner::User {
            role: decode::word(Role::from_word(&role), "a member's role")?,
            status: decode::word(UserStatus::from_word(&status), "a member's status")?,
            is_removed: removed_at.is_some(),
            email,
        };
        owners.push((id.into(), decode::text(organization, "a member's organization")?, owner));
    }
    let accounts = run!(db, ACCOUNTS, [], fetch_all::<(String, String, String, String, Option<i64>)>)?;
    for (id, organization, name, permissions, disabled_at) in accounts {
        let id: ServiceAccountId = decode::text(id, "a service account's id")?;
        let permissions: ServiceAccountPermissions =
            decode::json(&permissions, "a service account's permissions")?;
        let owner = CredentialOwner::ServiceAccount { name, permissions, is_disabled: disabled_at.is_some() };
        owners.push((id.into(), decode::text(organization, "a service account's organization")?, owner));
    }
    Ok(owners)
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "the flags are independent of each other")]
struct Row {
    key_hash: [u8; 32],
    key_id: String,
    owner_id: String,
    name: String,
    permissions: i16,
    /// `None` for a key without scopes, as most are.
    scopes: Option<String>,
    rate_limit_override: Option<i64>,
    expires_at: Option<i64>,
    is_disabled: bool,
    is_revoked: bool,
    is_expired: bool,
    after_end: Option<i64>,
    has_ended: bool,
    environment: String,
    metadata: Option<String>,
}

impl BulkRow for Row {
    fn from_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key_hash: row.get(0)?,
            key_id: row.get(1)?,
            owner_id: row.get(2)?,
            name: row.get(3)?,
            permissions: row.get(4)?,
            scopes: row.get(5)?,
            rate_limit_override: row.get(6)?,
            expires_at: row.get(7)?,
            is_disabled: row.get(8)?,
            is_revoked: row.get(9)?,
            is_expired: row.get(10)?,
            after_end: row.get(11)?,
            has_ended: row.get(12)?,
            environment: row.get(13)?,
            metadata: row.get(14)?,
        })
    }
}

impl TryFrom<Row> for Secret {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row {
            key_hash,
            key_id,
            owner_id,
            name,
            permissions,
            scopes,
            rate_limit_override,
            expires_at,
            is_disabled,
            is_revoked,
            is_expired,
            after_end,
            has_ended,
            environment,
            metadata,
        } = row;
        let scopes = scopes.map(|scopes| decode::json(&scopes, "a key's scopes")).transpose()?;
        let limit =
            rate_limit_override.map(|limit| decode::number(limit, "a key's rate limit")).transpose()?;
        Ok(Self {
            hash: key_hash,
            key_id,
            owner_id,
            name,
            permissions: to_permissions(permissions)?,
            scopes: scopes.unwrap_or_default(),
            rate_limit_override: limit,
            expires_at: decode::time(expires_at),
            environment: decode::text(environment, "a key's environment")?,
            metadata,
            is_disabled,
            is_revoked,
            is_expired,
            after_end,
            has_ended,
        })
    }
}

fn to_hash(bytes: Vec<u8>) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| Error::Corrupt("a hash of another length".to_owned()))
}
