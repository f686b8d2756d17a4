//! How far somebody reaches: which members, keys and lists the scopes of a key name.

use model::key::{Key, Operation, ResourceScope, ResourceType, matches_pattern};
use model::text::fold;
use model::user::User;

use super::{Action, NOT_ADMIN, OUT_OF_SCOPE, ROLE_TOO_LOW};
use crate::actor::{Actor, Caller, KeyHolder, Owner};
use crate::error::{Error, Result};

/// Whose keys, and which key, somebody wants to reach. What is not known yet is left out.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) owner: Option<&'a User>,
    pub(crate) key: Option<&'a Key>,
    pub(crate) key_name: Option<&'a str>,
}

/// How far a caller reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Every member and key of the organization.
    All,
    /// The caller's own only; others' do not exist for them.
    Own,
    /// What the scopes of the key name.
    Scoped,
}

/// How far the caller reaches. A service account that may do a thing at all may do it everywhere.
pub(crate) fn reach(caller: &Caller) -> Reach {
    match &caller.actor {
        _ if !caller.is_admin() && caller.account_permissions().is_none() => Reach::Own,
        Actor::Key(actor) if !actor.key.scopes.is_empty() => Reach::Scoped,
        _ => Reach::All,
    }
}

/// Whether service accounts are for the caller at all: admins', and those of accounts that were given the right.
pub(crate) fn reach_accounts(caller: &Caller) -> Result<()> {
    if reach(caller) == Reach::Own { Err(Error::Forbidden(ROLE_TOO_LOW)) } else { Ok(()) }
}

/// Whether the words of a request alone show that somebody else's keys are meant. A key without admin is refused by
/// them, before any look at whether such a member exists.
pub(crate) fn refuse_others(caller: &Caller, owner: &Owner) -> Result<()> {
    let Actor::Key(actor) = &caller.actor else { return Ok(()) };
    let is_own = match owner {
        Owner::Caller => true,
        Owner::Id(id) => actor.key.owner.user_id() == Some(id),
        Owner::ServiceAccount(id) => actor.key.owner.service_account_id() == Some(id),
        Owner::Email(email) => match &actor.holder {
            KeyHolder::User { email: own, .. } => fold(email) == fold(own),
            KeyHolder::ServiceAccount { .. } => false,
        },
    };
    if is_own || caller.is_admin() { Ok(()) } else { Err(Error::Forbidden(NOT_ADMIN)) }
}

/// Whether the scopes of the caller's key reach a target. Refused alike when the target is missing and when it is out
/// of reach, so that a scoped key learns nothing of what it may not manage.
pub(crate) fn check_scopes(caller: &Caller, action: Action, asked: &Owner, target: Target<'_>) -> Result<()> {
    let Actor::Key(actor) = &caller.actor else { return Ok(()) };
    let scopes = &actor.key.scopes;
    let is_reached = |scope: &ResourceScope| {
        let fits = |text: &str| matches_pattern(&scope.resource_id, text);
        allows(scope, action)
            && match scope.resource_type {
                ResourceType::Organization => fits(actor.key.organization_id.as_str()),
                ResourceType::User => {
                    let by_email = |email: &str| matches_pattern(&fold(&scope.resource_id), &fold(email));
                    let by_words = match asked {
                        Owner::Email(email) => by_email(email),
                        Owner::Id(id) => fits(id.as_str()),
                        Owner::ServiceAccount(_) => false,
                        Owner::Caller => actor.key.owner.user_id().is_some_and(|id| fits(id.as_str())),
                    };
                    let is_member =
                        |user: &User| fits(user.user_id.as_str()) || by_email(user.email.as_str());
                    by_words || target.owner.is_some_and(is_member)
                }
                ResourceType::ApiKey => {
                    target.key_name.is_some_and(fits)
                        || target.key.is_some_and(|key| fits(key.key_id.as_str()))
                }
                _ => false,
            }
    };
    if scopes.is_empty() || scopes.iter().any(is_reached) {
        Ok(())
    } else {
        Err(Error::Forbidden(OUT_OF_SCOPE))
    }
}

/// Whether the scopes of the caller's key reach the organization itself, by its own id. Without this a key scoped to
/// another organization would manage its own.
pub(crate) fn check_organization(caller: &Caller, action: Action) -> Result<()> {
    let Actor::Key(actor) = &caller.actor else { return Ok(()) };
    let is_reached = |scope: &ResourceScope| {
        scope.resource_type == ResourceType::Organization
            && matches_pattern(&scope.resource_id, actor.key.organization_id.as_str())
            && allows(scope, action)
    };
    let scopes = &actor.key.scopes;
    if scopes.is_empty() || scopes.iter().any(is_reached) {
        Ok(())
    } else {
        Err(Error::Forbidden(OUT_OF_SCOPE))
    }
}

/// Whether the caller may see a whole list: a key that is scoped to some members may not.
pub(crate) fn list_whole(caller: &Caller, action: Action) -> Result<()> {
    let Actor::Key(actor) = &caller.actor else { return Ok(()) };
    let is_whole = |scope: &ResourceScope| {
        let id = match scope.resource_type {
            ResourceType::Organization => actor.key.organization_id.as_str(),
            ResourceType::User => return scope.resource_id == "*" && allows(scope, action),
            _ => return false,
        };
        matches_pattern(&scope.resource_id, id) && allows(scope, action)
    };
    let scopes = &actor.key.scopes;
    if scopes.is_empty() || scopes.iter().any(is_whole) {
        Ok(())
    } else {
        Err(Error::Forbidden(OUT_OF_SCOPE))
    }
}

/// Whether the caller's key is scoped to single keys: it may ask for any member's list, and sees those keys in it.
pub(crate) fn lists_by_key(caller: &Caller) -> bool {
    let Actor::Key(actor) = &caller.actor else { return false };
    let is_key_scope = |scope: &ResourceScope| {
        scope.resource_type == ResourceType::ApiKey && allows(scope, Action::ListKeys)
    };
    caller.is_admin() && actor.key.scopes.iter().any(is_key_scope)
}

/// Whether a scope's operations include what is wanted. `manage_permissions` is the contract's word for managing keys
/// and members.
pub(super) fn allows(scope: &ResourceScope, action: Action) -> bool {
    scope.operations.as_ref().is_none_or(|operations| {
        operations.contains(&Operation::ManagePermissions)
            || (action.is_read() && operations.contains(&Operation::ReadData))
    })
}
