//! Creates gateways.

use model::audit::AuditAction;
use model::gateway::{Gateway, NewGateway};
use model::id::GatewayId;
use serde_json::json;

use crate::actor::Caller;
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::{Service, retry};

/// Maximum number of gateways of one organization.
pub const GATEWAYS_MAX: u64 = 100;

impl Service {
    /// Creates a gateway. Proxies can use it at once.
    pub async fn create_gateway(&self, caller: &Caller, new: NewGateway) -> Result<Gateway> {
        retry!(self.try_create_gateway(caller, new.clone()).await)
    }

    async fn try_create_gateway(&self, caller: &Caller, new: NewGateway) -> Result<Gateway> {
        let may = |caller: &Caller| policy::permit_organization(caller, Action::CreateGateways);
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let organization = caller.organization();
        let id = GatewayId::from_random(&self.entropy.id()?);
        let gateway = new.into_gateway(id, organization.clone(), caller.acting(), self.clock.now());
        // The lock makes concurrent creations count one after the other.
        store::organizations::lock(&mut tx, organization).await?;
        let current = store::gateways::count(&mut tx, organization).await?;
        if current >= GATEWAYS_MAX {
            return Err(Error::Quota { resource: "gateways", current, limit: GATEWAYS_MAX });
        }
        store::gateways::insert(&mut tx, &gateway).await?;
        let changes = Changes::default()
            .added("name", gateway.name.as_str())
            .added("key_header", gateway.key_header.as_str())
            .added("rules", json!(gateway.rules))
            .added("otherwise", gateway.otherwise.as_str())
            .added("headers", json!(gateway.headers))
            .added("hide_key", gateway.hide_key);
        let target = AuditTarget::Gateway(&gateway.gateway_id);
        self.record(&mut tx, &caller, AuditAction::GatewayCreated, target, changes).await?;
        tx.commit().await?;
        Ok(gateway)
    }
}
