//! The audit settings: whether reads are recorded as well as changes.

use model::audit::{AuditAction, AuditSettings};

use super::{AuditTarget, Changes};
use crate::actor::Caller;
use crate::error::{Error, Result};
use crate::not_found::NO_ORGANIZATION;
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    pub async fn audit_settings(&self, caller: &Caller) -> Result<AuditSettings> {
        policy::permit_organization(caller, Action::ReadAudit)?;
        let mut db = self.store.read().await?;
        let found = store::organizations::audit_settings(&mut db, caller.organization()).await?;
        found.ok_or(Error::NotFound(NO_ORGANIZATION))
    }

    /// Changes the audit settings. `None` leaves a setting as it is. A change is always recorded.
    pub async fn update_audit_settings(
        &self,
        caller: &Caller,
        read_auditing_enabled: Option<bool>,
    ) -> Result<AuditSettings> {
        retry!(self.try_update_audit_settings(caller, read_auditing_enabled).await)
    }

    async fn try_update_audit_settings(&self, caller: &Caller, reads: Option<bool>) -> Result<AuditSettings> {
        let may = |caller: &Caller| policy::permit_organization(caller, Action::ChangeOrganization);
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let caller = &caller;
        let organization = caller.organization();
        store::organizations::lock(&mut tx, organization).await?;
        let before = store::organizations::audit_settings(&mut tx, organization)
            .await?
            .ok_or(Error::NotFound(NO_ORGANIZATION))?;
        let after = AuditSettings { read_auditing_enabled: reads.unwrap_or(before.read_auditing_enabled) };
        if after == before {
            return Ok(before);
        }
        store::organizations::update_audit_settings(&mut tx, organization, after).await?;
        let changes = Changes::default().field(
            "read_auditing_enabled",
            before.read_auditing_enabled,
            after.read_auditing_enabled,
        );
        let target = AuditTarget::Organization(organization);
        self.record(&mut tx, caller, AuditAction::AuditSettingsUpdated, target, changes).await?;
        tx.commit().await?;
        Ok(after)
    }
}
