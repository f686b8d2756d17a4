//! Whether somebody may do a kind of thing at all, before it is known to what.

use model::key::{Key, Permission, ResourceScope};
use model::service_account::AccountRight;
use model::user::Role;

use super::reach::{allows, check_organization};
use super::{Action, NOT_ADMIN, OUT_OF_SCOPE, ROLE_TOO_LOW};
use crate::actor::{Actor, Caller, KeyActor, KeyHolder};
use crate::error::{Error, Result};

const NOT_GRANTED: &str = "The service account's permissions, or those of its key, do not allow this.";
const OTHER_ORGANIZATION: &str = "The credential does not belong to this organization.";

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

/// Whether the caller may do such a thing to what is the whole organization's.
pub(crate) fn permit_organization(caller: &Caller, action: Action) -> Result<()> {
    permit(caller, action)?;
    check_organization(caller, action)
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
    let scopes = &actor.key.scopes;
    let reaches =
        |scope: &ResourceScope| action.reaching().contains(&scope.resource_type) && allows(scope, action);
    if scopes.is_empty() || scopes.iter().any(reaches) { Ok(()) } else { Err(Error::Forbidden(OUT_OF_SCOPE)) }
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
