//! Removes organizations, for the operator.

use model::audit::AuditAction;
use serde_json::Value;

use crate::actor::Caller;
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::not_found::NO_ORGANIZATION;
use crate::policy;
use crate::state::{Service, retry};

impl Service {
    /// Removes an organization for good. From then on, none of its keys and sessions is accepted, however many there
    /// are. Its rows and audit records stay.
    pub async fn remove_organization(&self, caller: &Caller) -> Result<()> {
        retry!(self.try_remove_organization(caller).await)
    }

    async fn try_remove_organization(&self, caller: &Caller) -> Result<()> {
        let (mut tx, caller) = self.begin_for(caller, policy::operator_only).await?;
        let caller = &caller;
        let id = caller.organization();
        store::organizations::lock(&mut tx, id).await?;
        let found = store::organizations::find(&mut tx, id).await?.ok_or(Error::NotFound(NO_ORGANIZATION))?;
        store::organizations::remove(&mut tx, id, self.clock.now()).await?;
        let changes = Changes::default().field("organization_name", found.name, Value::Null);
        let action = AuditAction::OrganizationDeleted;
        self.record(&mut tx, caller, action, AuditTarget::Organization(id), changes).await?;
        Ok(tx.commit().await?)
    }
}
