//! Changes gateways.

use model::Timestamp;
use model::audit::AuditAction;
use model::gateway::{GatewayPatch, GatewayRow};
use model::id::GatewayId;
use serde_json::json;

use crate::actor::Caller;
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Changes a gateway. The change applies to the next request that a proxy asks this server about. If `saw` is given
    /// and is not the time of the gateway's last change, the update is refused, so that it overwrites nothing newer.
    pub async fn update_gateway(
        &self,
        caller: &Caller,
        id: &GatewayId,
        patch: GatewayPatch,
        saw: Option<Timestamp>,
    ) -> Result<GatewayRow> {
        retry!(self.try_update_gateway(caller, id, patch.clone(), saw).await)
    }

    async fn try_update_gateway(
        &self,
        caller: &Caller,
        id: &GatewayId,
        patch: GatewayPatch,
        saw: Option<Timestamp>,
    ) -> Result<GatewayRow> {
        let may = |caller: &Caller| policy::permit_organization(caller, Action::UpdateGateways);
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let caller = &caller;
        let before = self.lock_gateway(&mut tx, caller, id).await?;
        let seen = self.activity_of(&mut tx, caller, id).await?;
        if saw.is_some_and(|saw| saw != before.updated_at) {
            return Err(Error::Stale);
        }
        let mut after = patch.applied_to(&before);
        let changes = Changes::default()
            .field("name", before.name.as_str(), after.name.as_str())
            .field("key_header", before.key_header.as_str(), after.key_header.as_str())
            .field("rules", json!(before.rules), json!(after.rules))
            .field("otherwise", before.otherwise.as_str(), after.otherwise.as_str())
            .field("headers", json!(before.headers), json!(after.headers))
            .field("hide_key", before.hide_key, after.hide_key);
        if changes.is_empty() {
            return Ok(GatewayRow::new(before, &seen));
        }
        after.updated_at = self.clock.now();
        store::gateways::update(&mut tx, &after).await?;
        let target = AuditTarget::Gateway(&after.gateway_id);
        self.record(&mut tx, caller, AuditAction::GatewayUpdated, target, changes).await?;
        tx.commit().await?;
        Ok(GatewayRow::new(after, &seen))
    }
}
