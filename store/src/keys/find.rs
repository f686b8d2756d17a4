//! Finds single keys.

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::key::{Key, KeyName, KeyOwner, KeyStatus};
use model::service_account::ServiceAccountPermissions;
use model::user::{Role, UserStatus};

use super::row::{Row, columns};
use crate::db::{Connection, PerDatabase, run};
use crate::stored_name::spelled;
use crate::{Result, decode, hash};

/// The key to which a secret belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub key: Key,
    /// The current state of the owner.
    pub owner: CredentialOwner,
    /// When the secret ends, if it is an earlier secret in its grace period and not the current one.
    pub earlier_until: Option<Timestamp>,
}

/// The owner of a key that is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialOwner {
    User { role: Role, status: UserStatus, is_removed: bool, email: String },
    ServiceAccount { name: String, permissions: ServiceAccountPermissions, is_disabled: bool },
}

/// Finds a key of an organization.
pub async fn find(
    db: &mut impl Connection,
    organization: &OrganizationId,
    id: &KeyId,
) -> Result<Option<Key>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM keys k WHERE k.key_id = $2 AND k.organization_id = $1");
    run!(db, SQL, [organization.as_str(), id.as_str()], fetch_optional::<Row>)?.map(Key::try_from).transpose()
}

/// Names of keys of an organization, including ended keys, in no particular order.
pub async fn names(
    db: &mut impl Connection,
    organization: &OrganizationId,
    ids: &[KeyId],
) -> Result<Vec<(KeyId, String)>> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: concat!(
            "SELECT k.key_id, ",
            spelled!("k"),
            " FROM keys k WHERE k.organization_id = $1 AND k.key_id IN (SELECT value FROM json_each($2))"
        ),
        postgres: concat!(
            "SELECT k.key_id, ",
            spelled!("k"),
            " FROM keys k WHERE k.organization_id = $1 \
             AND k.key_id IN (SELECT jsonb_array_elements_text($2::jsonb))"
        ),
    };
    let ids = decode::to_json(&ids, "keys' ids")?;
    let rows = run!(db, SQL, [organization.as_str(), &ids], fetch_all::<(String, String)>)?;
    rows.into_iter().map(|(id, name)| Ok((decode::text(id, "a key's id")?, name))).collect()
}

/// Selects an owner's keys with a name that have not ended for good. Each part uses an index that was made for it.
macro_rules! holders {
    ($owner:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM keys k WHERE k.",
            $owner,
            " = $1 AND k.name IN ($2, $3) AND k.status = 'active' UNION ALL SELECT ",
            columns!(),
            " FROM keys k WHERE k.",
            $owner,
            " = $1 AND k.name IN ($2, $3) AND k.status = 'expired' AND k.ended_at IS NULL"
        )
    };
}

/// Finds the key with a name that is active at a moment. If two keys have had spellings of one name since before names
/// were normalized, the one with exactly this spelling is found.
pub async fn find_named(
    db: &mut impl Connection,
    owner: &KeyOwner,
    name: &KeyName,
    now: Timestamp,
) -> Result<Option<Key>> {
    let holders = keys_with_name(db, owner, name).await?.into_iter();
    let active = holders.filter(|key| key.status(now) == KeyStatus::Active);
    // There is at most one, unless the previous version of the program gave the name to another key.
    Ok(active.max_by_key(|key| (key.fields.name == *name, key.created_at, key.key_id.clone())))
}

/// Finds the keys with a name, in any spelling, that have not ended for good, in no particular order: the active one,
/// and an expired one that would become valid again if the clock were set back.
pub async fn keys_with_name(db: &mut impl Connection, owner: &KeyOwner, name: &KeyName) -> Result<Vec<Key>> {
    holders(db, owner, name.as_str(), &name.normalized()).await
}

/// Finds the keys whose stored name is one of two, like [`keys_with_name`].
pub(super) async fn holders(
    db: &mut impl Connection,
    owner: &KeyOwner,
    name: &str,
    form: &str,
) -> Result<Vec<Key>> {
    let sql = match owner {
        KeyOwner::User(_) => holders!("user_id"),
        KeyOwner::ServiceAccount(_) => holders!("service_account_id"),
    };
    let rows = run!(db, sql, [owner.as_str(), name, form], fetch_all::<Row>)?;
    rows.into_iter().map(Key::try_from).collect()
}

/// Finds the key of a secret: a current secret, or an earlier secret whose key was neither revoked nor ended for good.
/// Also finds an earlier secret after its grace period, as long as it is stored, because it is valid again if the clock
/// is set back. Ignores keys of removed organizations.
pub async fn find_by_hash(db: &mut impl Connection, hash: &[u8; 32]) -> Result<Option<Credential>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        ", u.role AS owner_role, u.status AS owner_status, u.removed_at AS owner_removed_at, u.email AS owner_email, \
         ",
        spelled!("s"),
        " AS account_name, s.permissions AS account_permissions, s.disabled_at AS account_disabled_at, \
         (SELECT e.valid_until FROM earlier_secrets e WHERE e.key_hash = $1 AND e.key_id = k.key_id) AS earlier_until \
         FROM keys k JOIN organizations g ON g.organization_id = k.organization_id AND g.removed_at IS NULL \
         LEFT JOIN users u ON u.user_id = k.user_id \
         LEFT JOIN service_accounts s ON s.service_account_id = k.service_account_id \
         WHERE k.key_id = (SELECT c.key_id FROM keys c \
         WHERE c.key_hash = $1 UNION ALL SELECT e.key_id FROM earlier_secrets e WHERE e.key_hash = $1 LIMIT 1)"
    );
    let row = run!(db, SQL, [hash.as_slice()], fetch_optional::<CredentialRow>)?;
    let found = row.map(|row| row.into_credential(hash)).transpose()?;
    // Earlier secrets end with their key, even before their rows are deleted.
    Ok(found.filter(|found| {
        found.earlier_until.is_none() || (found.key.revoked.is_none() && found.key.ended_at.is_none())
    }))
}

#[derive(sqlx::FromRow)]
struct CredentialRow {
    #[sqlx(flatten)]
    key: Row,
    owner_role: Option<String>,
    owner_status: Option<String>,
    owner_removed_at: Option<i64>,
    owner_email: Option<String>,
    account_name: Option<String>,
    account_permissions: Option<String>,
    account_disabled_at: Option<i64>,
    earlier_until: Option<i64>,
}

impl CredentialRow {
    fn into_credential(self, hash: &[u8; 32]) -> Result<Credential> {
        let Self {
            key,
            owner_role,
            owner_status,
            owner_removed_at,
            owner_email,
            account_name,
            account_permissions,
            account_disabled_at,
            earlier_until,
        } = self;
        let key = Key::try_from(key)?;
        let of_user = owner_role.zip(owner_status).zip(owner_email);
        let of_account = account_name.zip(account_permissions);
        let owner = match (of_user, of_account) {
            (Some(((role, status), email)), None) => CredentialOwner::User {
                role: decode::word(Role::from_word(&role), "a member's role")?,
                status: decode::word(UserStatus::from_word(&status), "a member's status")?,
                is_removed: owner_removed_at.is_some(),
                email,
            },
            (None, Some((name, permissions))) => CredentialOwner::ServiceAccount {
                name,
                permissions: decode::json(&permissions, "a service account's permissions")?,
                is_disabled: account_disabled_at.is_some(),
            },
            (None, None) | (Some(_), Some(_)) => return decode::word(None, "a key's owner"),
        };
        // The row of an earlier secret does not count if that secret is the current one again.
        let is_current = key.key_hash == hash::to_hex(hash);
        let earlier_until = if is_current { None } else { decode::time(earlier_until) };
        Ok(Credential { key, owner, earlier_until })
    }
}
