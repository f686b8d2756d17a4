//! Finding one key.

use model::Timestamp;
use model::id::{KeyId, OrganizationId, UserId};
use model::key::{Key, KeyName};
use model::user::{Role, UserStatus};

use super::row::{Row, columns};
use crate::db::{Connection, Pair, run};
use crate::{Result, decode, hash};

/// What a secret stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The key.
    pub key: Key,
    /// What the owner may do.
    pub owner_role: Role,
    /// Whether the owner's keys work.
    pub owner_status: UserStatus,
    /// Whether the owner was removed.
    pub owner_removed: bool,
    /// The owner's address.
    pub owner_email: String,
    /// Whether it is an earlier secret in its grace period, not the current one.
    pub is_earlier_secret: bool,
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

/// Names of keys of an organization, ended ones too, in no certain order.
pub async fn names(
    db: &mut impl Connection,
    organization: &OrganizationId,
    ids: &[KeyId],
) -> Result<Vec<(KeyId, String)>> {
    const SQL: Pair = Pair {
        sqlite: "SELECT key_id, name FROM keys \
            WHERE organization_id = $1 AND key_id IN (SELECT value FROM json_each($2))",
        postgres: "SELECT key_id, name FROM keys \
            WHERE organization_id = $1 AND key_id IN (SELECT jsonb_array_elements_text($2::jsonb))",
    };
    let ids = decode::to_json(&ids, "keys' ids")?;
    let rows = run!(db, SQL, [organization.as_str(), &ids], fetch_all::<(String, String)>)?;
    rows.into_iter().map(|(id, name)| Ok((decode::text(id, "a key's id")?, name))).collect()
}

/// Finds the key of a name that is stored as active.
pub async fn find_named(db: &mut impl Connection, user: &UserId, name: &KeyName) -> Result<Option<Key>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM keys k WHERE k.user_id = $1 AND k.name = $2 AND k.status = 'active'"
    );
    run!(db, SQL, [user.as_str(), name.as_str()], fetch_optional::<Row>)?.map(Key::try_from).transpose()
}

/// Finds what a secret stands for: a current one, or an earlier one whose time has not passed. Nothing in an organization
/// that was removed.
pub async fn find_by_hash(
    db: &mut impl Connection,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Credential>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        ", u.role AS owner_role, u.status AS owner_status, u.removed_at AS owner_removed_at, u.email AS owner_email \
         FROM keys k JOIN users u ON u.user_id = k.user_id \
         JOIN organizations g ON g.organization_id = k.organization_id AND g.removed_at IS NULL \
         WHERE k.key_id = (SELECT c.key_id FROM keys c \
         WHERE c.key_hash = $1 UNION ALL SELECT e.key_id FROM earlier_secrets e \
         WHERE e.key_hash = $1 AND e.valid_until > $2 LIMIT 1)"
    );
    let row = run!(db, SQL, [hash.as_slice(), now.micros()], fetch_optional::<CredentialRow>)?;
    row.map(|row| row.into_credential(hash)).transpose()
}

#[derive(sqlx::FromRow)]
struct CredentialRow {
    #[sqlx(flatten)]
    key: Row,
    owner_role: String,
    owner_status: String,
    owner_removed_at: Option<i64>,
    owner_email: String,
}

impl CredentialRow {
    fn into_credential(self, hash: &[u8; 32]) -> Result<Credential> {
        let Self { key, owner_role, owner_status, owner_removed_at, owner_email } = self;
        let key = Key::try_from(key)?;
        Ok(Credential {
            is_earlier_secret: key.key_hash != hash::to_hex(hash),
            key,
            owner_role: decode::word(Role::from_word(&owner_role), "a member's role")?,
            owner_status: decode::word(UserStatus::from_word(&owner_status), "a member's status")?,
            owner_removed: owner_removed_at.is_some(),
            owner_email,
        })
    }
}
