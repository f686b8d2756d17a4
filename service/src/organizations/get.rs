//! Reads the caller's organization.

use model::audit::AuditAction;
use model::organization::Organization;

use crate::actor::Caller;
use crate::audit::AuditTarget;
use crate::error::{Error, Result};
use crate::not_found::NO_ORGANIZATION;
use crate::policy::{self, Action};
use crate::state::Service;

impl Service {
    pub async fn get_organization(&self, caller: &Caller) -> Result<Organization> {
        policy::permit(caller, Action::ReadOrganization)?;
        let found = self.find_organization(caller).await?;
        let target = AuditTarget::Organization(&found.organization_id);
        self.record_read(caller, AuditAction::OrganizationAccessed, target).await?;
        Ok(found)
    }

    /// Like [`Self::get_organization`], for a caller that only wants to know who it is. This read is not audited.
    pub async fn own_organization(&self, caller: &Caller) -> Result<Organization> {
        policy::permit(caller, Action::ReadSelf)?;
        self.find_organization(caller).await
    }

    async fn find_organization(&self, caller: &Caller) -> Result<Organization> {
        let mut db = self.store.read().await?;
        let found = store::organizations::find(&mut db, caller.organization()).await?;
        found.ok_or(Error::NotFound(NO_ORGANIZATION))
    }
}
