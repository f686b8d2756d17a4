//! Decides which members, keys and lists a caller may see, by the caller's rights and the scopes of the key.

use model::email::folded;
use model::key::{Key, Operation, ResourceScope, ResourceType, matches_pattern};
use model::text::normalized;
use model::user::User;

use super::{Action, NOT_ADMIN, OUT_OF_SCOPE, ROLE_TOO_LOW};
use crate::actor::{Actor, Caller, KeyActorOwner, Owner};
use crate::error::{Error, Result};

/// The owner and the key that a caller wants to access. Fields that are not known yet are `None`.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct PolicyTarget<'a> {
    pub(crate) owner: Option<&'a User>,
    pub(crate) key: Option<&'a Key>,
    pub(crate) key_name: Option<&'a str>,
}

/// What a caller may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visibility {
    /// Every member and key of the organization.
    All,
    /// Only the caller's own data. The data of others appears not to exist.
    Own,
    /// What the scopes of the key cover.
    Scoped,
}

/// Returns what the caller may see. If a service account may perform an action, it may do so on everything, unless its
/// key is scoped.
pub(crate) fn visibility(caller: &Caller) -> Visibility {
    match &caller.actor {
        _ if !caller.is_admin() && caller.service_account_permissions().is_none() => Visibility::Own,
        Actor::Key(actor) if !actor.key.fields.scopes.is_empty() => Visibility::Scoped,
        _ => Visibility::All,
    }
}

/// Refuses callers who may see only their own data. Service accounts are for admins and for keys of service accounts.
pub(crate) fn permit_service_accounts(caller: &Caller) -> Result<()> {
    if visibility(caller) == Visibility::Own { Err(Error::Forbidden(ROLE_TOO_LOW)) } else { Ok(()) }
}

/// Refuses a key without admin if the request itself shows that it is about the keys of another owner. This comes
/// before any query, so that the refusal does not reveal whether that owner exists.
pub(crate) fn refuse_others(caller: &Caller, owner: &Owner) -> Result<()> {
    let Actor::Key(actor) = &caller.actor else { return Ok(()) };
    let is_own = match owner {
        Owner::Caller => true,
        Owner::Id(id) => actor.key.owner.user_id() == Some(id),
        Owner::ServiceAccount(id) => actor.key.owner.service_account_id() == Some(id),
        Owner::Email(email) => match &actor.owner {
            KeyActorOwner::User { email: own, .. } => folded(email) == folded(own),
            KeyActorOwner::ServiceAccount { .. } => false,
        },
    };
    if is_own || caller.is_admin() { Ok(()) } else { Err(Error::Forbidden(NOT_ADMIN)) }
}

/// Checks that the scopes of the caller's key cover a target. The refusal is the same for a missing target and for one
/// outside the scopes, so that a scoped key learns nothing about what it may not manage.
pub(crate) fn check_scopes(
    caller: &Caller,
    action: Action,
    asked: &Owner,
    target: PolicyTarget<'_>,
) -> Result<()> {
    let Actor::Key(actor) = &caller.actor else { return Ok(()) };
    let scopes = &actor.key.fields.scopes;
    let is_reached = |scope: &ResourceScope| {
        let fits = |text: &str| matches_pattern(&scope.resource_id, text);
        allows(scope, action)
            && match scope.resource_type {
                ResourceType::Organization => fits(actor.key.organization_id.as_str()),
                ResourceType::User => {
                    let by_email = |email: &str| matches_pattern(&folded(&scope.resource_id), &folded(email));
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
                    let by_name =
                        |name: &str| matches_pattern(&normalized(&scope.resource_id), &normalized(name));
                    target.key_name.is_some_and(by_name)
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

/// Checks that the scopes of the caller's key cover its own organization. Otherwise a key that is scoped to another
/// organization could manage its own.
pub(crate) fn check_organization(caller: &Caller, action: Action) -> Result<()> {
    let Actor::Key(actor) = &caller.actor else { return Ok(()) };
    let is_reached = |scope: &ResourceScope| {
        scope.resource_type == ResourceType::Organization
            && matches_pattern(&scope.resource_id, actor.key.organization_id.as_str())
            && allows(scope, action)
    };
    let scopes = &actor.key.fields.scopes;
    if scopes.is_empty() || scopes.iter().any(is_reached) {
        Ok(())
    } else {
        Err(Error::Forbidden(OUT_OF_SCOPE))
    }
}

/// Checks that the caller may see a complete list. A key that is scoped to some members may not.
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
    let scopes = &actor.key.fields.scopes;
    if scopes.is_empty() || scopes.iter().any(is_whole) {
        Ok(())
    } else {
        Err(Error::Forbidden(OUT_OF_SCOPE))
    }
}

/// Whether the caller's key is scoped to single keys. Such a key may ask for any member's list and sees only those keys
/// in it.
pub(crate) fn lists_by_key(caller: &Caller) -> bool {
    let Actor::Key(actor) = &caller.actor else { return false };
    let is_key_scope = |scope: &ResourceScope| {
        scope.resource_type == ResourceType::ApiKey && allows(scope, Action::ListKeys)
    };
    caller.is_admin() && actor.key.fields.scopes.iter().any(is_key_scope)
}

/// Whether a scope's operations include the action. In the API, `manage_permissions` stands for managing keys and
/// members.
pub(super) fn allows(scope: &ResourceScope, action: Action) -> bool {
    scope.operations.as_ref().is_none_or(|operations| {
        operations.contains(&Operation::ManagePermissions)
            || (action.is_read() && operations.contains(&Operation::ReadData))
    })
}
