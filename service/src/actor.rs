//! Who asks, and from where.

use model::email::Email;
use model::id::{AccountId, OrganizationId, SessionId, UserId};
use model::key::{Key, KeyName, Permission};
use model::user::Role;

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
    /// Its owner's role, which bounds it.
    pub owner_role: Role,
    /// Its owner's e-mail.
    pub owner_email: String,
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
            Actor::Key(actor) => Some(&actor.key.user_id),
            Actor::Operator(_) => None,
        }
    }

    /// The strongest permission in effect: a key's own, bounded by its owner's role.
    pub fn strongest(&self) -> Option<Permission> {
        match &self.actor {
            Actor::Member(member) => Some(member.role.ceiling()),
            Actor::Key(actor) => {
                actor.key.permissions.strongest().map(|own| own.min(actor.owner_role.ceiling()))
            }
            Actor::Operator(_) => Some(Permission::Admin),
        }
    }

    /// Whether the permission in effect is admin.
    pub(crate) fn is_admin(&self) -> bool {
        self.strongest() == Some(Permission::Admin)
    }
}

/// A member, said in one of the ways in which requests say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// By e-mail, without regard to letter case.
    Email(String),
    /// By id.
    Id(UserId),
    /// The one who asks.
    Caller,
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
    Id(model::id::KeyId),
}

impl KeyRef {
    /// The name asked for, if it could be one.
    pub(crate) fn name(&self) -> Option<KeyName> {
        match self {
            Self::Named { name, .. } => KeyName::parse(name).ok(),
            Self::Id(_) => None,
        }
    }
}
