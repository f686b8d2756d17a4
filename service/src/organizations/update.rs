//! Changes the caller's organization.

use model::audit::AuditAction;
use model::organization::{Organization, OrganizationPatch};
use serde_json::json;

use crate::actor::Caller;
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::not_found::NO_ORGANIZATION;
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Changes the caller's organization. Fields that are absent from the patch stay as they are.
    pub async fn update_organization(
        &self,
        caller: &Caller,
        patch: OrganizationPatch,
    ) -> Result<Organization> {
        retry!(self.try_update_organization(caller, patch.clone()).await)
    }

    async fn try_update_organization(
        &self,
        caller: &Caller,
        patch: OrganizationPatch,
    ) -> Result<Organization> {
        let may = |caller: &Caller| policy::permit_organization(caller, Action::ChangeOrganization);
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let caller = &caller;
        store::organizations::lock(&mut tx, caller.organization()).await?;
        let before = store::organizations::find(&mut tx, caller.organization())
            .await?
            .ok_or(Error::NotFound(NO_ORGANIZATION))?;
        let OrganizationPatch { name, logo_url, billing_email, metadata, rate_limits } = patch;
        let mut after = before.clone();
        after.name = name.unwrap_or(after.name);
        after.logo_url = logo_url.apply(after.logo_url);
        after.billing_email = billing_email.apply(after.billing_email);
        after.metadata = metadata.unwrap_or(after.metadata);
        after.rate_limits = rate_limits.apply(after.rate_limits);
        let changes = Changes::default()
            .field("organization_name", before.name.as_str(), after.name.as_str())
            .field("logo_url", json!(before.logo_url), json!(after.logo_url))
            .field("billing_email", json!(before.billing_email), json!(after.billing_email))
            .field("metadata", json!(before.metadata), json!(after.metadata))
            .field("rate_limits", json!(before.rate_limits), json!(after.rate_limits));
        if changes.is_empty() {
            return Ok(before);
        }
        after.updated_at = self.clock.now();
        store::organizations::update(&mut tx, &after).await?;
        let target = AuditTarget::Organization(caller.organization());
        self.record(&mut tx, caller, AuditAction::OrganizationUpdated, target, changes).await?;
        tx.commit().await?;
        Ok(after)
    }
}
