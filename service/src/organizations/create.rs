//! Creates organizations, for the operator over REST.

use model::organization::{NewOrganization, Organization};
use model::user::NewUser;

use crate::actor::Caller;
use crate::error::{Error, Result};
use crate::not_found::NO_ORGANIZATION;
use crate::operator::Operator;
use crate::policy;
use crate::state::{Service, retry};

impl Service {
    /// Creates an organization with its first members, who get no keys and no passwords. Returns the operator as a
    /// caller in the new organization.
    pub async fn create_organization(
        &self,
        operator: &Operator,
        new: NewOrganization,
    ) -> Result<(Organization, Caller)> {
        retry!(self.try_create_organization(operator, new.clone()).await)
    }

    async fn try_create_organization(
        &self,
        operator: &Operator,
        new: NewOrganization,
    ) -> Result<(Organization, Caller)> {
        let NewOrganization { name, logo_url, users, metadata } = new;
        let mut tx = self.store.begin().await?;
        let (organization, caller) =
            self.write_organization(&mut tx, &name, logo_url, metadata, operator.context()).await?;
        for user in users {
            self.insert_user(&mut tx, &caller, user, None).await?;
        }
        store::one_time_tokens::delete_setup(&mut tx).await?;
        tx.commit().await?;
        Ok((organization, caller.into_caller()))
    }

    /// Adds members to the operator's organization, either all of them or none.
    pub async fn add_users(&self, caller: &Caller, users: Vec<NewUser>) -> Result<()> {
        retry!(self.try_add_users(caller, users.clone()).await)
    }

    async fn try_add_users(&self, caller: &Caller, users: Vec<NewUser>) -> Result<()> {
        let (mut tx, caller) = self.begin_for(caller, policy::operator_only).await?;
        let caller = &caller;
        // The lock prevents adding members to an organization that is being removed.
        store::organizations::lock(&mut tx, caller.organization()).await?;
        if store::organizations::find(&mut tx, caller.organization()).await?.is_none() {
            return Err(Error::NotFound(NO_ORGANIZATION));
        }
        for user in users {
            self.insert_user(&mut tx, caller, user, None).await?;
        }
        Ok(tx.commit().await?)
    }
}
