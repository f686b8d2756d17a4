//! Makes a member an admin on the command line, for an organization whose admins have all left.

use model::email::Email;
use model::id::OrganizationId;
use model::user::{Role, UserPatch, UserStatus};
use store::users::Membership;

use crate::error::{Error, Result};
use crate::state::{Service, retry};

const NO_MEMBER: &str =
    "The organization has no member with this e-mail address. Invite them with keystead user invite.";
const SUSPENDED: &str = "This member is suspended. An admin can activate them in Members. If no admin can sign in, name \
                         another member, or invite a person with keystead user invite --role admin.";

impl Service {
    /// Makes an active member an admin. A member who is one already stays as they are. For callers with access to the
    /// database, never for a request.
    pub async fn make_admin_locally(
        &self,
        organization: &OrganizationId,
        email: &Email,
    ) -> Result<Membership> {
        retry!(self.try_make_admin_locally(organization, email).await)
    }

    async fn try_make_admin_locally(
        &self,
        organization: &OrganizationId,
        email: &Email,
    ) -> Result<Membership> {
        let (mut tx, caller, organization) = self.begin_locally(organization).await?;
        let id = &organization.organization_id;
        let user = store::users::find_by_email(&mut tx, id, &email.folded()).await?;
        let user = user.ok_or(Error::NotFound(NO_MEMBER))?;
        if user.status != UserStatus::Active {
            return Err(Error::Forbidden(SUSPENDED));
        }
        let patch = UserPatch { role: Some(Role::Admin), ..UserPatch::default() };
        let user = self.change_user(&mut tx, &caller, &user, patch).await?;
        tx.commit().await?;
        Ok(Membership { user, organization })
    }
}
