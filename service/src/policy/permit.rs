//! Checks whether a caller may perform a kind of action, before it is known what the action is applied to.

use model::key::{Key, Permission, ResourceScope};
use model::service_account::AccountRight;
use model::user::Role;

use super::visibility::{allows, check_organization};
use super::{Action, NOT_ADMIN, OUT_OF_SCOPE, ROLE_TOO_LOW};
use crate::actor::{Actor, Caller, KeyActor, KeyActorOwner};
use crate::error::{Error, Result};

const NOT_GRANTED: &str = "The service account's permissions, or those of its key, do not allow this.";
const OTHER_ORGANIZATION: &str = "The credential does not belong to this organization.";

/// Checks whether the caller may perform the action at all.
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
                | Action::ReadNodes
                | Action::ReadUsage => Role::Admin,
            };
            if member.role >= lowest { Ok(()) } else { Err(Error::Forbidden(ROLE_TOO_LOW)) }
        }
        Actor::Key(key) => match &key.owner {
            KeyActorOwner::User { .. } => permit_key(caller, key, action),
            KeyActorOwner::ServiceAccount { .. } => permit_service_account(caller, key, action),
        },
    }
}

/// Checks whether the caller may perform the action on things that belong to the whole organization.
pub(crate) fn permit_organization(caller: &Caller, action: Action) -> Result<()> {
    permit(caller, action)?;
    check_organization(caller, action)
}

/// Checks that the organization that a request names is the caller's own.
pub(crate) fn permit_in(caller: &Caller, organization: &str) -> Result<()> {
    if caller.organization().as_str() == organization {
        Ok(())
    } else {
        Err(Error::Forbidden(OTHER_ORGANIZATION))
    }
}

/// Without admin, a user's key can only read its owner's keys and its organization. All other actions need admin and,
/// if the key is scoped, a matching scope. Otherwise anyone who finds a deployed key could create more keys with it.
fn permit_key(caller: &Caller, actor: &KeyActor, action: Action) -> Result<()> {
    match action {
        Action::ReadSelf | Action::ReadOrganization => Ok(()),
        Action::ListKeys | Action::ReadKeys if !caller.is_admin() => Ok(()),
        _ if !caller.is_admin() => Err(Error::Forbidden(NOT_ADMIN)),
        _ => permit_scoped(actor, action),
    }
}

/// A service account's key may do what both the account's permissions and the key's own permissions allow. It does not
/// get the actions that every member has, because a service account is not a member.
fn permit_service_account(caller: &Caller, actor: &KeyActor, action: Action) -> Result<()> {
    let needed: &[AccountRight] = match action {
        Action::ReadSelf => return Ok(()),
        Action::ReadKeys => &[AccountRight::ReadKeys],
        Action::CreateKeys => &[AccountRight::CreateKeys],
        // A changed or rotated key counts as a new key, and the one before it as deleted.
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
        | Action::ReadNodes
        | Action::ReadUsage => return Err(Error::Forbidden(NOT_ADMIN)),
    };
    if needed.iter().all(|right| caller.has_right(*right)) {
        permit_scoped(actor, action)
    } else {
        Err(Error::Forbidden(NOT_GRANTED))
    }
}

/// Checks that the key has no scopes, or a scope of a kind that can permit the action.
fn permit_scoped(actor: &KeyActor, action: Action) -> Result<()> {
    let scopes = &actor.key.fields.scopes;
    let reaches =
        |scope: &ResourceScope| action.reaching().contains(&scope.resource_type) && allows(scope, action);
    if scopes.is_empty() || scopes.iter().any(reaches) { Ok(()) } else { Err(Error::Forbidden(OUT_OF_SCOPE)) }
}

pub(crate) fn operator_only(caller: &Caller) -> Result<()> {
    match &caller.actor {
        Actor::Operator(_) => Ok(()),
        Actor::Member(_) | Actor::Key(_) => Err(Error::Forbidden("Only the operator can do this.")),
    }
}

/// Refuses to change `admin-key`, which is protected.
pub(crate) fn refuse_protected(key: &Key) -> Result<()> {
    if key.is_admin_key() {
        return Err(Error::Forbidden(
            "admin-key is protected. The operator replaces it with the command keystead admin-key.",
        ));
    }
    Ok(())
}

/// Whether the console shows the caller the actions that change the key.
pub(crate) fn may_change(caller: &Caller, key: &Key) -> bool {
    permit(caller, Action::UpdateKeys).is_ok()
        && !key.is_admin_key()
        && (caller.is_admin() || caller.owns(key))
        && caller.strongest() >= Some(Permission::Read)
}
