//! Lists gateways.

use model::audit::AuditAction;
use model::gateway::Gateway;

use crate::actor::Caller;
use crate::audit::AuditTarget;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

impl Service {
    /// Returns all gateways of the caller's organization, ordered by name. There are at most [`super::GATEWAYS_MAX`].
    pub async fn list_gateways(&self, caller: &Caller) -> Result<Vec<Gateway>> {
        policy::permit_organization(caller, Action::ReadGateways)?;
        let mut db = self.store.read().await?;
        let gateways = store::gateways::list(&mut db, caller.organization()).await?;
        drop(db);
        let target = AuditTarget::Organization(caller.organization());
        self.record_read(caller, AuditAction::GatewayAccessed, target).await?;
        Ok(gateways)
    }
}
