//! The signed-in person and the organization that they work in.

use model::id::OrganizationId;
use model::organization::OrganizationSummary;
use model::session::Me;

use super::authenticate::is_member;
use crate::actor::Caller;
use crate::error::{Error, Result};
use crate::state::{Service, retry};

impl Service {
    /// Returns the caller with all their organizations.
    pub async fn me(&self, caller: &Caller) -> Result<Me> {
        let member = self.member(caller)?;
        let memberships =
            store::users::memberships(&mut self.store.read().await?, &member.account_id).await?;
        let current = memberships
            .iter()
            .find(|membership| membership.user.user_id == member.user_id)
            .ok_or(Error::Unauthorized("You are signed out. Sign in to continue."))?;
        Ok(Me {
            user_id: member.user_id.clone(),
            user_name: current.user.user_name.clone(),
            email: member.email.clone(),
            role: member.role,
            organization: current.organization.clone(),
            organizations: memberships
                .iter()
                .map(|membership| membership.organization.clone())
                .collect::<Vec<OrganizationSummary>>(),
            key_prefix: self.settings.key_prefix.clone(),
        })
    }

    /// Switches the caller's session to another of their organizations.
    pub async fn switch_organization(&self, caller: &Caller, organization: &OrganizationId) -> Result<()> {
        retry!(self.try_switch_organization(caller, organization).await)
    }

    async fn try_switch_organization(&self, caller: &Caller, organization: &OrganizationId) -> Result<()> {
        let (mut tx, caller) = self.begin_for(caller, is_member).await?;
        let member = self.member(&caller)?;
        // The lock waits for a transaction in which a member leaves this account for a new one of their address.
        store::accounts::lock_email(&mut tx, &member.email.folded()).await?;
        let memberships = store::users::memberships(&mut tx, &member.account_id).await?;
        let chosen = memberships
            .iter()
            .find(|membership| membership.organization.organization_id == *organization)
            .ok_or(Error::NotFound("There is no such organization."))?;
        store::sessions::set_user(&mut tx, &member.session_id, &chosen.user.user_id).await?;
        Ok(tx.commit().await?)
    }
}
