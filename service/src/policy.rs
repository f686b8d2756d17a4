//! Who may do what. Pages only hide what would be refused here.

use model::key::{Key, Operation, Permission, Permissions, ResourceScope, ResourceType, matches_pattern};
use model::service_account::{AccountPermissions, AccountRight};
use model::text::fold;
use model::user::{Role, User};

use crate::actor::{Actor, Caller, KeyActor, KeyHolder, Owner};
use crate::error::{Error, Result};

/// What somebody wants to do, before it is known to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Look at a member's keys, by the member.
    ListKeys,
    /// Create, change, rotate, revoke a member's keys, by the member.
    ChangeKeys,
    /// Look at the organization's keys, whoever owns them.
    ReadKeys,
    /// Create keys, whoever will own them.
    CreateKeys,
    /// Change and rotate keys, whoever owns them.
    UpdateKeys,
    /// Revoke keys, whoever owns them.
    RevokeKeys,
    /// Look at service accounts.
    ReadServiceAccounts,
    /// Add service accounts.
    CreateServiceAccounts,
    /// Change service accounts.
    UpdateServiceAccounts,
    /// Disable service accounts.
    DisableServiceAccounts,
    /// Look at gateways.
    ReadGateways,
    /// Add gateways.
    CreateGateways,
    /// Change gateways.
    UpdateGateways,
    /// Remove gateways.
    DeleteGateways,
    /// Look at oneself.
    ReadSelf,
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
const NOT_GRANTED: &str = "The service account's permissions, or those of its key, do not allow this.";
const OTHER_ORGANIZATION: &str = "The credential does not belong to this organization.";
const MORE_THAN_HELD: &str = "Nobody can grant more than they hold.";

/// Whether the caller may do such a thing at all.
pub(crate) fn permit(caller: &Caller, action: Action) -> Result<()> {
    match &caller.actor {
        Actor::Operator(_) => Ok(()),
        Actor::Member(member) => {
            let lowest = match action {
                Action::ReadSelf
                | Action::ListKeys
                | Action::ReadKeys
                | Action::ReadUsers
                | Action::ReadOrganization => Role::Viewer,
                Action::ChangeKeys | Action::CreateKeys | Action::UpdateKeys | Action::RevokeKeys => {
                    Role::Member
                }
                Action::ReadServiceAccounts
                | Action::CreateServiceAccounts
                | Action::UpdateServiceAccounts
                | Action::DisableServiceAccounts
                | Action::ReadGateways
                | Action::CreateGateways
                | Action::UpdateGateways
                | Action::DeleteGateways
                | Action::ChangeUsers
                | Action::ChangeOrganization
                | Action::ReadAudit
                | Action::ReadUsage => Role::Admin,
            };
            if member.role >= lowest { Ok(()) } else { Err(Error::Forbidden(ROLE_TOO_LOW)) }
        }
        Actor::Key(key) => match &key.holder {
            KeyHolder::User { .. } => permit_key(caller, key, action),
            KeyHolder::ServiceAccount { .. } => permit_account(caller, key, action),
        },
    }
}

/// Whether the caller may act in an organization that a request names: in its own.
pub(crate) fn permit_in(caller: &Caller, organization: &str) -> Result<()> {
    if caller.organization().as_str() == organization {
        Ok(())
    } else {
        Err(Error::Forbidden(OTHER_ORGANIZATION))
    }
}

/// A key looks at its owner's keys and at the organization's name; all else needs admin, and a scope that reaches it.
/// Without this, whoever finds a deployed key could make more of them.
fn permit_key(caller: &Caller, actor: &KeyActor, action: Action) -> Result<()> {
    match action {
        Action::ReadSelf | Action::ReadOrganization => Ok(()),
        Action::ListKeys | Action::ReadKeys if !caller.is_admin() => Ok(()),
        _ if !caller.is_admin() => Err(Error::Forbidden(NOT_ADMIN)),
        _ => permit_scoped(actor, action),
    }
}

/// A service account's key does what the account's words name, within the key's own permissions, and nothing else:
/// an account is nobody's, so what every member may do by themselves is not for it.
fn permit_account(caller: &Caller, actor: &KeyActor, action: Action) -> Result<()> {
    let needed: &[AccountRight] = match action {
        Action::ReadSelf => return Ok(()),
        Action::ReadKeys => &[AccountRight::ReadKeys],
        Action::CreateKeys => &[AccountRight::CreateKeys],
        // What is changed or rotated is another key afterwards, and the one before has ended.
        Action::UpdateKeys => &[AccountRight::CreateKeys, AccountRight::DeleteKeys],
        Action::RevokeKeys => &[AccountRight::DeleteKeys],
        Action::ReadServiceAccounts => &[AccountRight::ReadAccounts],
        Action::CreateServiceAccounts => &[AccountRight::CreateAccounts],
        Action::UpdateServiceAccounts => &[AccountRight::UpdateAccounts],
        Action::DisableServiceAccounts => &[AccountRight::DeleteAccounts],
        Action::ReadGateways => &[AccountRight::ReadGateways],
        Action::CreateGateways => &[AccountRight::CreateGateways],
        Action::UpdateGateways => &[AccountRight::UpdateGateways],
        Action::DeleteGateways => &[AccountRight::DeleteGateways],
        Action::ListKeys
        | Action::ChangeKeys
        | Action::ReadUsers
        | Action::ChangeUsers
        | Action::ReadOrganization
        | Action::ChangeOrganization
        | Action::ReadAudit
        | Action::ReadUsage => return Err(Error::Forbidden(NOT_ADMIN)),
    };
    if needed.iter().all(|right| caller.has_right(*right)) {
        permit_scoped(actor, action)
    } else {
        Err(Error::Forbidden(NOT_GRANTED))
    }
}

/// Whether a key's scopes, where it has any, reach things of the kind at all.
fn permit_scoped(actor: &KeyActor, action: Action) -> Result<()> {
    let reaching: &[ResourceType] = match action {
        Action::ListKeys
        | Action::ChangeKeys
        | Action::ReadKeys
        | Action::CreateKeys
        | Action::UpdateKeys
        | Action::RevokeKeys => &[ResourceType::Organization, ResourceType::User, ResourceType::ApiKey],
        Action::ReadUsers | Action::ChangeUsers => &[ResourceType::Organization, ResourceType::User],
        Action::ReadSelf
        | Action::ReadOrganization
        | Action::ChangeOrganization
        | Action::ReadAudit
        | Action::ReadUsage
        | Action::ReadServiceAccounts
        | Action::CreateServiceAccounts
        | Action::UpdateServiceAccounts
        | Action::DisableServiceAccounts
        | Action::ReadGateways
        | Action::CreateGateways
        | Action::UpdateGateways
        | Action::DeleteGateways => &[ResourceType::Organization],
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
        Action::ReadSelf
            | Action::ListKeys
            | Action::ReadKeys
            | Action::ReadUsers
            | Action::ReadOrganization
            | Action::ReadAudit
            | Action::ReadUsage
            | Action::ReadServiceAccounts
            | Action::ReadGateways
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

/// How far the caller reaches. A service account that may do a thing at all may do it everywhere.
pub(crate) fn reach(caller: &Caller) -> Reach {
    match &caller.actor {
        _ if !caller.is_admin() && caller.account_permissions().is_none() => Reach::Own,
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

/// Whether the caller holds all that a service account may do. Admins hold every word; a key that is held to scopes
/// holds none, because words are not held to them; a service account holds its own, within what its key may do.
pub(crate) fn may_grant_words(caller: &Caller, permissions: &AccountPermissions) -> Result<()> {
    let holds = |word: &String| match &caller.actor {
        Actor::Operator(_) => true,
        Actor::Member(_) => caller.is_admin(),
        Actor::Key(actor) => match &actor.holder {
            KeyHolder::User { .. } => caller.is_admin() && actor.key.scopes.is_empty(),
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

/// Whether service accounts are for the caller at all: admins', and those of accounts that were given the right.
pub(crate) fn reach_accounts(caller: &Caller) -> Result<()> {
    if reach(caller) == Reach::Own { Err(Error::Forbidden(ROLE_TOO_LOW)) } else { Ok(()) }
}

/// Refuses a service account somebody's personal key: with a new secret of it, a program would be taken for them.
pub(crate) fn refuse_personal(caller: &Caller, key: &Key) -> Result<()> {
    let is_account = caller.account_permissions().is_some();
    if is_account && key.owner.user_id().is_some() { Err(Error::Forbidden(MORE_THAN_HELD)) } else { Ok(()) }
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
    permit(caller, Action::UpdateKeys).is_ok()
        && !key.is_admin_key()
        && (caller.is_admin() || caller.owns(key))
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
