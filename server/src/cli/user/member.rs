//! How a member is printed.

use model::id::{OrganizationId, UserId};
use model::user::{Role, User, UserStatus};
use serde::Serialize;
use service::Membership;

/// A member as JSON.
#[derive(Serialize)]
pub(super) struct MemberLine<'a> {
    organization_id: &'a OrganizationId,
    organization_name: &'a str,
    user_id: &'a UserId,
    user_email: &'a str,
    user_name: &'a str,
    role: Role,
    status: UserStatus,
    can_sign_in: bool,
}

impl<'a> From<&'a Membership> for MemberLine<'a> {
    fn from(membership: &'a Membership) -> Self {
        let Membership { user, organization } = membership;
        let User { user_id, email, user_name, role, status, can_sign_in, .. } = user;
        Self {
            organization_id: &organization.organization_id,
            organization_name: &organization.name,
            user_id,
            user_email: email.as_str(),
            user_name,
            role: *role,
            status: *status,
            can_sign_in: *can_sign_in,
        }
    }
}
