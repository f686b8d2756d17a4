//! Checks that callers do not grant more than they have.

use model::key::{Key, Permissions, ResourceScope, matches_pattern};
use model::service_account::{AccountRight, ServiceAccountPermissions};

use crate::actor::{Actor, Caller, KeyActorOwner};
use crate::error::{Error, Result};

const GRANTS_TOO_MUCH: &str = "No one can grant more than they have.";

/// Checks that the caller holds everything that a key would hold: its permissions and, if the caller is scoped, its
/// scopes. Otherwise a scoped admin key could create an unscoped one, or take one over by rotating it.
pub(crate) fn may_grant(caller: &Caller, permissions: Permissions, scopes: &[ResourceScope]) -> Result<()> {
    let own_scopes = match &caller.actor {
        Actor::Key(actor) => actor.key.fields.scopes.as_slice(),
        Actor::Member(_) | Actor::Operator(_) => &[],
    };
    let holds_scope = |scope: &ResourceScope| own_scopes.iter().any(|own| includes(own, scope));
    let holds_scopes = own_scopes.is_empty() || (!scopes.is_empty() && scopes.iter().all(holds_scope));
    if permissions.strongest() <= caller.strongest() && holds_scopes {
        Ok(())
    } else {
        Err(Error::Forbidden(GRANTS_TOO_MUCH))
    }
}

/// Checks that the caller holds all permissions of a service account. Admins hold every permission. A service account
/// holds its own, limited by the permissions of its key. A scoped key holds none, even if its owner is an admin:
/// permissions of service accounts have no scopes, so the account could do more than the scoped key.
pub(crate) fn may_grant_permissions(caller: &Caller, permissions: &ServiceAccountPermissions) -> Result<()> {
    let holds = |word: &String| match &caller.actor {
        Actor::Operator(_) => true,
        Actor::Member(_) => caller.is_admin(),
        Actor::Key(actor) if !actor.key.fields.scopes.is_empty() => false,
        Actor::Key(actor) => match &actor.owner {
            KeyActorOwner::User { .. } => caller.is_admin(),
            KeyActorOwner::ServiceAccount { permissions: own, .. } => match AccountRight::from_word(word) {
                Some(right) => caller.has_right(right),
                None => own.words().contains(word),
            },
        },
    };
    if permissions.words().iter().all(holds) { Ok(()) } else { Err(Error::Forbidden(GRANTS_TOO_MUCH)) }
}

/// Checks that the caller may make a user an admin. Otherwise a key that is scoped to one member could make that member
/// an admin, who is not limited by scopes.
pub(crate) fn may_make_admin(caller: &Caller) -> Result<()> {
    match &caller.actor {
        Actor::Key(actor) if !actor.key.fields.scopes.is_empty() => Err(Error::Forbidden(GRANTS_TOO_MUCH)),
        Actor::Key(_) | Actor::Member(_) | Actor::Operator(_) => Ok(()),
    }
}

/// Refuses to let a service account receive a secret of a personal key. With it, a program could act as that person.
pub(crate) fn refuse_personal(caller: &Caller, key: &Key) -> Result<()> {
    let is_account = caller.service_account_permissions().is_some();
    if is_account && key.owner.user_id().is_some() { Err(Error::Forbidden(GRANTS_TOO_MUCH)) } else { Ok(()) }
}

/// Whether `outer` covers everything that `inner` covers. Patterns are compared by matching the inner pattern as a
/// text, in which its stars are ordinary characters. This never allows too much.
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

#[cfg(test)]
mod tests {
    use model::key::{Operation, ResourceType};

    use super::*;

    fn scope(resource_type: ResourceType, id: &str, operations: Option<Vec<Operation>>) -> ResourceScope {
        ResourceScope { resource_type, resource_id: id.to_owned(), operations }
    }

    #[test]
    fn a_scope_includes_only_what_it_covers() {
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
