//! Decides who may do what. The console only hides what would be refused here.

mod action;
mod grant;
mod permit;
mod visibility;

pub use action::Action;
pub(crate) use grant::{may_grant, may_grant_permissions, may_make_admin, refuse_personal};
pub(crate) use permit::{
    may_change, operator_only, permit, permit_in, permit_organization, refuse_protected,
};
pub(crate) use visibility::{
    PolicyTarget, Visibility, check_organization, check_scopes, list_whole, lists_by_key,
    permit_service_accounts, refuse_others, visibility,
};

const NOT_ADMIN: &str = "This needs the permission admin.";
const OUT_OF_SCOPE: &str = "This is outside the scopes of the key.";
const ROLE_TOO_LOW: &str = "Your role does not allow this. Ask an admin of the organization.";
