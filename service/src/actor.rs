//! Who asks, and from where.

use model::email::Email;
use model::id::{AccountId, KeyId, OrganizationId, ServiceAccountId, SessionId, UserId};
use model::key::{Key, KeyName, KeyOwner, Permission};
use model::service_account::{ACCOUNT_CEILING, AccountPermissions, AccountRight};
use model::user::Role;

use crate::error::{Error, Result};
use crate::keys::NO_KEY;
use crate::subnet::Subnet;

/// What a request looked like: for the audit log and for last uses. Says nothing about rights.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The client's address.
    pub address: Option<String>,
    /// The client's agent.
    pub agent: Option<String>,
    /// The request.
    pub request_id: Option<String>,
}

impl Origin {
    /// The client that it counts as, wherever clients share something.
    pub(crate) fn subnet(&self) -> Subnet {
        let address = self.address.as_deref().and_then(|text| text.parse().ok());
        address.map_or(Subnet::UNKNOWN, Subnet::of)
    }
}

/// Somebody who proved who they are.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub actor: Actor,
    /// From where.
    pub origin: Origin,
}

/// The kinds of callers. Which kind it is is part of the identity: a key is never taken for a person.
#[derive(Debug, Clone)]
pub enum Actor {
    /// A person in the console.
    Member(Member),
    /// A key over REST.
    Key(Box<KeyActor>),
    /// The operator on the command line.
    Operator(OrganizationId),
}

/// A person in the console, on behalf of one organization.
#[derive(Debug, Clone)]
pub struct Member {
    /// The person.
    pub account_id: AccountId,
    /// The session.
    pub session_id: SessionId,
    /// The membership in use.
    pub user_id: UserId,
    /// The membership's e-mail.
    pub email: Email,
    /// The membership's role.
    pub role: Role,
    /// The organization.
    pub organization_id: OrganizationId,
}

/// A key over REST.
#[derive(Debug, Clone)]
pub struct KeyActor {
    /// The key.
    pub key: Key,
    /// Its owner, who bounds it.
    pub holder: KeyHolder,
    /// The SHA-256 of the secret that was shown: the current one of the key, or an earlier one in its grace period.
    pub(crate) digest: [u8; 32],
}

/// What the owner of an acting key is and may do.
#[derive(Debug, Clone)]
pub enum KeyHolder {
    /// A member.
    User {
        /// The role.
        role: Role,
        /// The e-mail.
        email: String,
    },
    /// A service account.
    ServiceAccount {
        /// The name.
        name: String,
        /// What it may do.
        permissions: AccountPermissions,
    },
}

impl KeyHolder {
    /// The strongest permission of a key of this owner. An account manages by its own words and never as an admin.
    pub fn ceiling(&self) -> Permission {
        match self {
            Self::User { role, .. } => role.ceiling(),
            Self::ServiceAccount { .. } => ACCOUNT_CEILING,
        }
    }

    /// Who that is, for people: an e-mail, or a service account's name.
    pub fn name(&self) -> &str {
        match self {
            Self::User { email, .. } => email,
            Self::ServiceAccount { name, .. } => name,
        }
    }
}

impl Caller {
    /// The organization, the only one the caller can reach.
    pub(crate) fn organization(&self) -> &OrganizationId {
        match &self.actor {
            Actor::Member(member) => &member.organization_id,
            Actor::Key(actor) => &actor.key.organization_id,
            Actor::Operator(organization) => organization,
        }
    }

    /// The user who acts, or who owns the key that acts.
    pub(crate) fn user_id(&self) -> Option<&UserId> {
        match &self.actor {
            Actor::Member(member) => Some(&member.user_id),
            Actor::Key(actor) => actor.key.owner.user_id(),
            Actor::Operator(_) => None,
        }
    }

    /// The user or service account who acts, or who owns the key that acts.
    pub(crate) fn acting(&self) -> Option<KeyOwner> {
        match &self.actor {
            Actor::Member(member) => Some(member.user_id.clone().into()),
            Actor::Key(actor) => Some(actor.key.owner.clone()),
            Actor::Operator(_) => None,
        }
    }

    /// Whether a key is the caller's own: of the same owner. Nobody in particular owns nothing.
    pub(crate) fn owns(&self, key: &Key) -> bool {
        match &self.actor {
            Actor::Member(member) => key.owner.user_id() == Some(&member.user_id),
            Actor::Key(actor) => key.owner == actor.key.owner,
            Actor::Operator(_) => false,
        }
    }

    /// The words of the service account whose key acts.
    pub(crate) fn account_permissions(&self) -> Option<&AccountPermissions> {
        match &self.actor {
            Actor::Key(actor) => match &actor.holder {
                KeyHolder::ServiceAccount { permissions, .. } => Some(permissions),
                KeyHolder::User { .. } => None,
            },
            Actor::Member(_) | Actor::Operator(_) => None,
        }
    }

    /// Whether a right of a service account is in effect: among the account's words, and within what the key itself
    /// may do.
    pub(crate) fn has_right(&self, right: AccountRight) -> bool {
        let is_granted = self.account_permissions().is_some_and(|permissions| permissions.grants(right));
        is_granted && self.strongest() >= Some(right.least_permission())
    }

    /// The strongest permission in effect: a key's own, bounded by its owner's.
    pub fn strongest(&self) -> Option<Permission> {
        match &self.actor {
            Actor::Member(member) => Some(member.role.ceiling()),
            Actor::Key(actor) => actor.key.permissions.strongest().map(|own| own.min(actor.holder.ceiling())),
            Actor::Operator(_) => Some(Permission::Admin),
        }
    }

    /// Whether the permission in effect is admin.
    pub(crate) fn is_admin(&self) -> bool {
        self.strongest() == Some(Permission::Admin)
    }
}

/// An owner of keys, said in one of the ways in which requests say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A member by e-mail, without regard to letter case.
    Email(String),
    /// A member by id.
    Id(UserId),
    /// A service account by id.
    ServiceAccount(ServiceAccountId),
    /// The one who asks.
    Caller,
}

impl From<KeyOwner> for Owner {
    fn from(owner: KeyOwner) -> Self {
        match owner {
            KeyOwner::User(id) => Self::Id(id),
            KeyOwner::ServiceAccount(id) => Self::ServiceAccount(id),
        }
    }
}

/// A key, said in one of the ways in which requests say it.
#[derive(Debug, Clone)]
pub enum KeyRef {
    /// The active key of that name.
    Named {
        /// Whose.
        owner: Owner,
        /// Which.
        name: String,
    },
    /// Any key by its id.
    Id(KeyId),
}

impl KeyRef {
    /// The key of an id as a request says it. What is no id at all is answered like an unknown one.
    pub fn by_id(text: &str) -> Result<Self> {
        KeyId::parse(text).map(Self::Id).map_err(|_| Error::NotFound(NO_KEY))
    }

    /// The name asked for, if it could be one.
    pub(crate) fn name(&self) -> Option<KeyName> {
        match self {
            Self::Named { name, .. } => KeyName::parse(name).ok(),
            Self::Id(_) => None,
        }
    }
}
