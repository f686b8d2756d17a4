//! Invites a person on the command line, for an organization whose admins cannot sign in.

use model::Timestamp;
use model::field::Rule;
use model::id::OrganizationId;
use model::invitee::Invitee;
use model::user::{User, UserStatus};
use store::users::Membership;

use crate::crypto::PlainToken;
use crate::error::{Error, Result};
use crate::state::{Service, retry};

const SUSPENDED: &str = "This member is suspended. An admin can activate them in Members. If no admin can sign in, invite \
                         another person.";
const HAS_JOINED: &str = "This member can sign in already. If they have lost their password, create a link with keystead \
                          user reset-password.";
const OTHER_ROLE: &str = "The member already has another role. Leave the option out. To make them an admin, use keystead \
                          user make-admin.";
const OTHER_NAME: &str = "The member already has another name. Leave the option out.";

/// A member with a new invitation.
#[derive(Debug)]
pub struct Invited {
    pub membership: Membership,
    /// The token of the link. Only its hash is stored.
    pub token: PlainToken,
    /// The time from which the link is refused.
    pub expires_at: Timestamp,
}

impl Service {
    /// Creates an invitation, and the member if there is none with this address. Earlier links of the member end now.
    /// For callers with access to the database, never for a request.
    pub async fn invite_locally(&self, organization: &OrganizationId, invitee: &Invitee) -> Result<Invited> {
        retry!(self.try_invite_locally(organization, invitee).await)
    }

    async fn try_invite_locally(&self, organization: &OrganizationId, invitee: &Invitee) -> Result<Invited> {
        let (mut tx, caller, organization) = self.begin_locally(organization).await?;
        let id = &organization.organization_id;
        let user = match store::users::find_by_email(&mut tx, id, &invitee.email.folded()).await? {
            Some(user) => {
                check_member(&user, invitee)?;
                user
            }
            None => self.insert_user(&mut tx, &caller, invitee.clone().into_new_user(), None).await?,
        };
        let (token, expires_at) = self.insert_invitation(&mut tx, &caller, &user).await?;
        tx.commit().await?;
        Ok(Invited { membership: Membership { user, organization }, token, expires_at })
    }
}

/// Checks that a person who is already a member can be invited with their present name and role.
fn check_member(user: &User, invitee: &Invitee) -> Result<()> {
    if user.status != UserStatus::Active {
        return Err(Error::Forbidden(SUSPENDED));
    }
    if user.can_sign_in {
        return Err(Error::Forbidden(HAS_JOINED));
    }
    if invitee.role.is_some_and(|role| role != user.role) {
        return Err(Error::field("role", Rule::ValueError, OTHER_ROLE));
    }
    if invitee.user_name.as_ref().is_some_and(|name| *name != user.user_name) {
        return Err(Error::field("user_name", Rule::ValueError, OTHER_NAME));
    }
    Ok(())
}
