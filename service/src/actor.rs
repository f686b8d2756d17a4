//! Who makes a request, and from where.

use model::email::Email;
use model::id::{AccountId, KeyId, OrganizationId, ServiceAccountId, SessionId, UserId};
use model::key::{Key, KeyName, KeyOwner, Permission, SERVICE_ACCOUNT_CEILING};
use model::service_account::{AccountRight, ServiceAccountPermissions};
use model::user::Role;

use crate::error::{Error, Result};
use crate::not_found::NO_KEY;
use crate::subnet::Subnet;

/// Describes a request for the audit log and for last uses. It has no influence on rights.
#[derive(Debug, Clone, Default)]
pub struct RequestContext {
    pub address: Option<String>,
    /// The client's user agent.
    pub agent: Option<String>,
    pub request_id: Option<String>,
}

impl RequestContext {
    /// The subnet of the client. Clients of one subnet share limits, such as the limit on failed sign-ins.
    pub(crate) fn subnet(&self) -> Subnet {
        let address = self.address.as_deref().and_then(|text| text.parse().ok());
        address.map_or(Subnet::UNKNOWN, Subnet::of)
    }
}

/// Who makes a request: a signed-in member, a key or the operator.
#[derive(Debug, Clone)]
pub struct Caller {
    pub actor: Actor,
    pub context: RequestContext,
}

/// The kinds of callers. The kind is part of the identity: a key is never treated as a person.
#[derive(Debug, Clone)]
pub enum Actor {
    /// A person who is signed in to the console.
    Member(Member),
    /// A key that calls the REST API.
    Key(Box<KeyActor>),
    /// The operator, on the command line or with the operator token, acting in this organization.
    Operator(OrganizationId),
}

/// A person who is signed in to the console, in one organization.
#[derive(Debug, Clone)]
pub struct Member {
    pub account_id: AccountId,
    pub session_id: SessionId,
    /// The user of the organization that the session acts as.
    pub user_id: UserId,
    pub email: Email,
    pub role: Role,
    pub organization_id: OrganizationId,
}

/// A key that calls the REST API.
#[derive(Debug, Clone)]
pub struct KeyActor {
    pub key: Key,
    /// The owner of the key, whose role or permissions limit what the key can do.
    pub owner: KeyActorOwner,
    /// The SHA-256 of the presented secret: the key's current one, or an earlier one in its grace period.
    pub(crate) digest: [u8; 32],
}

/// The owner of a calling key, with the owner's rights.
#[derive(Debug, Clone)]
pub enum KeyActorOwner {
    User { role: Role, email: String },
    ServiceAccount { name: String, permissions: ServiceAccountPermissions },
}

impl KeyActorOwner {
    /// The strongest permission that a key of this owner can have. A service account manages things by its own
    /// permissions and is never an admin.
    pub fn ceiling(&self) -> Permission {
        match self {
            Self::User { role, .. } => role.ceiling(),
            Self::ServiceAccount { .. } => SERVICE_ACCOUNT_CEILING,
        }
    }

    /// The name that people know the owner by: an e-mail, or a service account's name.
    pub fn name(&self) -> &str {
        match self {
            Self::User { email, .. } => email,
            Self::ServiceAccount { name, .. } => name,
        }
    }
}

impl Caller {
    /// The only organization that the caller may access.
    pub(crate) fn organization(&self) -> &OrganizationId {
        match &self.actor {
            Actor::Member(member) => &member.organization_id,
            Actor::Key(actor) => &actor.key.organization_id,
            Actor::Operator(organization) => organization,
        }
    }

    /// The user who is signed in, or who owns the calling key.
    pub(crate) fn user_id(&self) -> Option<&UserId> {
        match &self.actor {
            Actor::Member(member) => Some(&member.user_id),
            Actor::Key(actor) => actor.key.owner.user_id(),
            Actor::Operator(_) => None,
        }
    }

    /// The user or service account that is signed in or owns the calling key. `None` for the operator.
    pub(crate) fn acting(&self) -> Option<KeyOwner> {
        match &self.actor {
            Actor::Member(member) => Some(member.user_id.clone().into()),
            Actor::Key(actor) => Some(actor.key.owner.clone()),
            Actor::Operator(_) => None,
        }
    }

    /// Whether a key has the same owner as the caller. The operator owns no keys.
    pub(crate) fn owns(&self, key: &Key) -> bool {
        match &self.actor {
            Actor::Member(member) => key.owner.user_id() == Some(&member.user_id),
            Actor::Key(actor) => key.owner == actor.key.owner,
            Actor::Operator(_) => false,
        }
    }

    /// The permissions of the service account that owns the calling key.
    pub(crate) fn service_account_permissions(&self) -> Option<&ServiceAccountPermissions> {
        match &self.actor {
            Actor::Key(actor) => match &actor.owner {
                KeyActorOwner::ServiceAccount { permissions, .. } => Some(permissions),
                KeyActorOwner::User { .. } => None,
            },
            Actor::Member(_) | Actor::Operator(_) => None,
        }
    }

    /// Whether the caller has a right of service accounts: the account's permissions must grant it, and the key itself
    /// must have the permission that the right needs.
    pub(crate) fn has_right(&self, right: AccountRight) -> bool {
        let is_granted =
            self.service_account_permissions().is_some_and(|permissions| permissions.grants(right));
        is_granted && self.strongest() >= Some(right.least_permission())
    }

    /// The strongest permission in effect: a key's own, limited by its owner's ceiling.
    pub fn strongest(&self) -> Option<Permission> {
        match &self.actor {
            Actor::Member(member) => Some(member.role.ceiling()),
            Actor::Key(actor) => {
                actor.key.fields.permissions.strongest().map(|own| own.min(actor.owner.ceiling()))
            }
            Actor::Operator(_) => Some(Permission::Admin),
        }
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.strongest() == Some(Permission::Admin)
    }
}

/// An owner of keys, in the ways in which a request can name one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A member by e-mail, ignoring letter case.
    Email(String),
    Id(UserId),
    ServiceAccount(ServiceAccountId),
    /// The caller, or the owner of the calling key.
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

/// A key, in the ways in which a request can name one.
#[derive(Debug, Clone)]
pub enum KeyRef {
    /// The active key with this owner and name.
    Named {
        owner: Owner,
        name: String,
    },
    Id(KeyId),
}

impl KeyRef {
    /// Parses an id from a request. A text that is not an id gets the same error as an unknown id.
    pub fn by_id(text: &str) -> Result<Self> {
        KeyId::parse(text).map(Self::Id).map_err(|_| Error::NotFound(NO_KEY))
    }

    /// The name in the reference, if a key can have it.
    pub(crate) fn name(&self) -> Option<KeyName> {
        match self {
            Self::Named { name, .. } => KeyName::existing(name).ok(),
            Self::Id(_) => None,
        }
    }
}
