//! Removes gateways.

use model::audit::AuditAction;
use model::gateway::GatewayRow;
use model::id::GatewayId;
use serde_json::Value;

use crate::actor::Caller;
use crate::audit::{AuditTarget, Changes};
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Removes a gateway for good and returns it as it was. A proxy that still uses it lets no request pass.
    pub async fn remove_gateway(&self, caller: &Caller, id: &GatewayId) -> Result<GatewayRow> {
        retry!(self.try_remove_gateway(caller, id).await)
    }

    async fn try_remove_gateway(&self, caller: &Caller, id: &GatewayId) -> Result<GatewayRow> {
        let may = |caller: &Caller| policy::permit_organization(caller, Action::DeleteGateways);
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let caller = &caller;
        let gateway = self.lock_gateway(&mut tx, caller, id).await?;
        let seen = self.activity_of(&mut tx, caller, id).await?;
        store::gateways::remove(&mut tx, id).await?;
        let changes = Changes::default().field("name", gateway.name.as_str(), Value::Null);
        let target = AuditTarget::Gateway(&gateway.gateway_id);
        self.record(&mut tx, caller, AuditAction::GatewayDeleted, target, changes).await?;
        tx.commit().await?;
        Ok(GatewayRow::new(gateway, &seen))
    }
}
