//! The owner of a key: a user or a service account.

use std::fmt;

use crate::id::{NotAnId, ServiceAccountId, UserId};
use crate::user::Role;

use super::Permission;

/// The strongest permission of any key of a service account. It is below admin, because what an account may manage
/// follows from the account's own permissions.
pub const SERVICE_ACCOUNT_CEILING: Permission = Permission::Delete;

/// A user or a service account, as the owner of a key or as an actor. Serialized as the id, whose prefix shows which of
/// the two it is.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum KeyOwner {
    User(UserId),
    ServiceAccount(ServiceAccountId),
}

impl KeyOwner {
    /// Reads an id of either type.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        UserId::parse(text)
            .map(Self::User)
            .or_else(|_| ServiceAccountId::parse(text).map(Self::ServiceAccount))
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::User(id) => id.as_str(),
            Self::ServiceAccount(id) => id.as_str(),
        }
    }

    /// The user's id, if the owner is a user.
    pub fn user_id(&self) -> Option<&UserId> {
        match self {
            Self::User(id) => Some(id),
            Self::ServiceAccount(_) => None,
        }
    }

    /// The service account's id, if the owner is a service account.
    pub fn service_account_id(&self) -> Option<&ServiceAccountId> {
        match self {
            Self::User(_) => None,
            Self::ServiceAccount(id) => Some(id),
        }
    }
}

impl From<UserId> for KeyOwner {
    fn from(id: UserId) -> Self {
        Self::User(id)
    }
}

impl From<ServiceAccountId> for KeyOwner {
    fn from(id: ServiceAccountId) -> Self {
        Self::ServiceAccount(id)
    }
}

impl TryFrom<String> for KeyOwner {
    type Error = NotAnId;
    fn try_from(text: String) -> Result<Self, NotAnId> {
        Self::parse(&text)
    }
}

impl From<KeyOwner> for String {
    fn from(owner: KeyOwner) -> Self {
        match owner {
            KeyOwner::User(id) => id.into(),
            KeyOwner::ServiceAccount(id) => id.into(),
        }
    }
}

impl fmt::Display for KeyOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for KeyOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A possible owner of a key, in a form where people choose one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FoundOwner {
    pub owner: KeyOwner,
    pub name: String,
    /// A user's e-mail address. Service accounts have none.
    pub email: Option<String>,
    /// A user's role. Service accounts have none.
    pub role: Option<Role>,
    /// Whether the owner's keys work.
    pub is_active: bool,
}

impl FoundOwner {
    /// The strongest effective permission of any key of this owner.
    pub fn ceiling(&self) -> Permission {
        self.role.map_or(SERVICE_ACCOUNT_CEILING, Role::ceiling)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_tells_a_member_from_a_service_account() {
        let user = KeyOwner::parse("usr_a1").unwrap();
        assert_eq!(user.user_id().map(UserId::as_str), Some("usr_a1"));
        let account = KeyOwner::parse("sa_a1").unwrap();
        assert_eq!(account.service_account_id().map(ServiceAccountId::as_str), Some("sa_a1"));
        assert_eq!((account.user_id(), account.to_string().as_str()), (None, "sa_a1"));
        for text in ["", "usr_", "sa_", "key_a1", "sa_a-1", "USR_a1"] {
            assert_eq!(KeyOwner::parse(text), Err(NotAnId), "{text}");
        }
    }
}
