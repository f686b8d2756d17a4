//! Nobody gives more than they hold.

use model::key::{Key, Permissions, ResourceScope, matches_pattern};
use model::service_account::{AccountPermissions, AccountRight};

use crate::actor::{Actor, Caller, KeyHolder};
use crate::error::{Error, Result};

const MORE_THAN_HELD: &str = "Nobody can grant more than they hold.";

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

/// Whether the caller holds all that a service account may do. Admins hold every permission; a service account holds its
/// own, within what its key may do. A scoped key holds none, whoever owns it: an account's permissions have no scopes, so
/// whatever it gave would reach further than itself.
pub(crate) fn may_grant_words(caller: &Caller, permissions: &AccountPermissions) -> Result<()> {
    let holds = |word: &String| match &caller.actor {
        Actor::Operator(_) => true,
        Actor::Member(_) => caller.is_admin(),
        Actor::Key(actor) if !actor.key.scopes.is_empty() => false,
        Actor::Key(actor) => match &actor.holder {
            KeyHolder::User { .. } => caller.is_admin(),
            KeyHolder::ServiceAccount { permissions: own, .. } => match AccountRight::from_word(word) {
                Some(right) => caller.has_right(right),
                None => own.words().contains(word),
            },
        },
    };
    if permissions.words().iter().all(holds) { Ok(()) } else { Err(Error::Forbidden(MORE_THAN_HELD)) }
}

/// Whether the caller may make an admin of somebody. Without this a key that is held to one member would make an admin of
/// them, whom no scopes hold.
pub(crate) fn may_make_admin(caller: &Caller) -> Result<()> {
    match &caller.actor {
        Actor::Key(actor) if !actor.key.scopes.is_empty() => Err(Error::Forbidden(MORE_THAN_HELD)),
        Actor::Key(_) | Actor::Member(_) | Actor::Operator(_) => Ok(()),
    }
}

/// Refuses a service account somebody's personal key: with a new secret of it, a program would be taken for them.
pub(crate) fn refuse_personal(caller: &Caller, key: &Key) -> Result<()> {
    let is_account = caller.account_permissions().is_some();
    if is_account && key.owner.user_id().is_some() { Err(Error::Forbidden(MORE_THAN_HELD)) } else { Ok(()) }
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

#[cfg(test)]
mod tests {
    use model::key::{Operation, ResourceType};

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
