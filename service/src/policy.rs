//! Who may do what. Pages only hide what would be refused here.

use model::key::{Key, Operation, Permission, Permissions, ResourceScope, ResourceType, matches_pattern};
use model::text::fold;
use model::user::{Role, User};

use crate::actor::{Actor, Caller, KeyActor, Owner};
use crate::error::{Error, Result};

/// What somebody wants to do, before it is known to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Look at keys.
    ListKeys,
    /// Create, change, rotate, revoke keys.
    ChangeKeys,
    /// Look at members.
    ReadUsers,
    /// Add, change, remove members.
    ChangeUsers,
    /// Look at the organization.
    ReadOrganization,
    /// Change the organization.
    ChangeOrganization,
    /// Look at the audit log.
    ReadAudit,
    /// Look at how often all keys were used.
    ReadUsage,
}

const NOT_ADMIN: &str = "This needs the permission admin.";
const OUT_OF_SCOPE: &str = "This is outside the scopes of the key.";
const ROLE_TOO_LOW: &str = "Your role does not allow this. Ask an admin of the organization.";
const MORE_THAN_HELD: &str = "Nobody can grant more than they hold.";

/// Whether the caller may do such a thing at all.
pub(crate) fn permit(caller: &Caller, action: Action) -> Result<()> {
    match &caller.actor {
        Actor::Operator(_) => Ok(()),
        Actor::Member(member) => {
            let lowest = match action {
                Action::ListKeys | Action::ReadUsers | Action::ReadOrganization => Role::Viewer,
                Action::ChangeKeys => Role::Member,
                Action::ChangeUsers | Action::ChangeOrganization | Action::ReadAudit | Action::ReadUsage => {
                    Role::Admin
                }
            };
            if member.role >= lowest { Ok(()) } else { Err(Error::Forbidden(ROLE_TOO_LOW)) }
        }
        Actor::Key(key) => permit_key(caller, key, action),
    }
}

/// A key looks at its owner's keys and at the organization's name; all else needs admin, and a scope that reaches it.
/// Without this, whoever finds a deployed key could make more of them.
fn permit_key(caller: &Caller, actor: &KeyActor, action: Action) -> Result<()> {
    if matches!(action, Action::ListKeys | Action::ReadOrganization) && !caller.is_admin() {
        return Ok(());
    }
    if !caller.is_admin() {
        return Err(Error::Forbidden(NOT_ADMIN));
    }
    let reaching: &[ResourceType] = match action {
        Action::ListKeys | Action::ChangeKeys => {
            &[ResourceType::Organization, ResourceType::User, ResourceType::ApiKey]
        }
        Action::ReadUsers | Action::ChangeUsers => &[ResourceType::Organization, ResourceType::User],
        Action::ReadOrganization => return Ok(()),
        Action::ChangeOrganization | Action::ReadAudit | Action::ReadUsage => &[ResourceType::Organization],
    };
    let scopes = &actor.key.scopes;
    let reaches = |scope: &ResourceScope| reaching.contains(&scope.resource_type) && allows(scope, action);
    if scopes.is_empty() || scopes.iter().any(reaches) { Ok(()) } else { Err(Error::Forbidden(OUT_OF_SCOPE)) }
}

/// Whether a scope's operations include what is wanted. `manage_permissions` is the contract's word for managing keys
/// and members.
fn allows(scope: &ResourceScope, action: Action) -> bool {
    let is_read = matches!(
        action,
        Action::ListKeys
            | Action::ReadUsers
            | Action::ReadOrganization
            | Action::ReadAudit
            | Action::ReadUsage
    );
    scope.operations.as_ref().is_none_or(|operations| {
        operations.contains(&Operation::ManagePermissions)
            || (is_read && operations.contains(&Operation::ReadData))
    })
}

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

/// How far the caller reaches.
pub(crate) fn reach(caller: &Caller) -> Reach {
    match &caller.actor {
        _ if !caller.is_admin() => Reach::Own,
        Actor::Key(actor) if !actor.key.scopes.is_empty() => Reach::Scoped,
        _ => Reach::All,
    }
}

/// Whether the words of a request alone show that somebody else's keys are meant. A key without admin is refused by
/// them, before any look at whether such a member exists.
pub(crate) fn refuse_others(caller: &Caller, owner: &Owner) -> Result<()> {
    let Actor::Key(actor) = &caller.actor else { return Ok(()) };
    let is_own = match owner {
        Owner::Caller => true,
        Owner::Id(id) => *id == actor.key.user_id,
        Owner::Email(email) => fold(email) == fold(&actor.owner_email),
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
                    let by_words = match asked {
                        Owner::Email(email) => matches_pattern(&fold(&scope.resource_id), &fold(email)),
                        Owner::Id(id) => fits(id.as_str()),
                        Owner::Caller => fits(actor.key.user_id.as_str()),
                    };
                    by_words || target.owner.is_some_and(|user| fits(user.user_id.as_str()))
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

/// Whether the caller holds all that a key would hold: its permissions, and its scopes where the caller has any.
/// Without this, a narrow admin key would make itself a wide one (or take one over by rotating it).
pub(crate) fn may_grant(caller: &Caller, permissions: Permissions, scopes: &[ResourceScope]) -> Result<()> {
    let own_scopes = match &caller.actor {
        Actor::Key(actor) => actor.key.scopes.as_slice(),
        Actor::Member(_) | Actor::Operator(_) => &[],
    };
    let holds_scope = |scope: &ResourceScope| own_scopes.iter().any(|own| includes(own, scope));
    let holds_scopes = own_scopes.is_empty() || (!scopes.is_empty() && scopes.iter().all(holds_scope));
    if permissions.strongest() <= caller.strongest() && holds_scopes {
        Ok(())
    } else {
        Err(Error::Forbidden(MORE_THAN_HELD))
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

/// Whether the caller's key is scoped to single keys: it may ask for any member's list, and sees those keys in it.
pub(crate) fn lists_by_key(caller: &Caller) -> bool {
    let Actor::Key(actor) = &caller.actor else { return false };
    let is_key_scope = |scope: &ResourceScope| {
        scope.resource_type == ResourceType::ApiKey && allows(scope, Action::ListKeys)
    };
    caller.is_admin() && actor.key.scopes.iter().any(is_key_scope)
}

/// Whether everything that `inner` covers is covered by `outer`. A pattern fits a pattern only if the outer one fits
/// it as a text, in which the inner stars are ordinary characters: this never allows too much.
fn includes(outer: &ResourceScope, inner: &ResourceScope) -> bool {
    let operations_fit = match (&outer.operations, &inner.operations) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(outer), Some(inner)) => inner.iter().all(|operation| outer.contains(operation)),
    };
    outer.resource_type == inner.resource_type
        && operations_fit
        && matches_pattern(&outer.resource_id, &inner.resource_id)
}

/// Whether the caller is the operator.
pub(crate) fn operator_only(caller: &Caller) -> Result<()> {
    match &caller.actor {
        Actor::Operator(_) => Ok(()),
        Actor::Member(_) | Actor::Key(_) => Err(Error::Forbidden("Only the operator can do this.")),
    }
}

/// Refuses to touch the protected key.
pub(crate) fn refuse_protected(key: &Key) -> Result<()> {
    if key.is_admin_key() {
        return Err(Error::Forbidden(
            "admin-key is protected. The operator replaces it with the command keystead admin-key.",
        ));
    }
    Ok(())
}

/// Whether the caller's rights include a permission, for what pages show.
pub(crate) fn may_change(caller: &Caller, key: &Key) -> bool {
    permit(caller, Action::ChangeKeys).is_ok()
        && !key.is_admin_key()
        && (caller.is_admin() || caller.user_id() == Some(&key.user_id))
        && caller.strongest() >= Some(Permission::Read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(resource_type: ResourceType, id: &str, operations: Option<Vec<Operation>>) -> ResourceScope {
        ResourceScope { resource_type, resource_id: id.to_owned(), operations }
    }

    #[test]
    fn a_scope_includes_what_it_covers_and_no_more() {
        use ResourceType::{Bucket, Namespace};
        let all = scope(Namespace, "*", None);
        let team = scope(Namespace, "team-*", None);
        let reading = scope(Namespace, "team-a", Some(vec![Operation::ReadData]));
        assert!(includes(&all, &team) && includes(&team, &reading));
        assert!(!includes(&team, &all) && !includes(&reading, &team));
        assert!(!includes(&reading, &scope(Namespace, "team-a", None)));
        assert!(!includes(&all, &scope(Bucket, "team-a", None)));
    }
}
