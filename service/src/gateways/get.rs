//! Reads one gateway, for its admins and for proxies.

use std::sync::Arc;

use model::audit::AuditAction;
use model::gateway::Gateway;
use model::id::GatewayId;
use store::{Connection, Tx};

use super::cache::Found;
use super::ids::IDS_MAX;
use crate::actor::Caller;
use crate::audit::AuditTarget;
use crate::clock::Moment;
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::Service;

/// The message for a gateway that does not exist or belongs to another organization.
const NO_GATEWAY: &str = "There is no such gateway.";

/// Parses an id from a request. A text that is not an id gets the same error as an unknown id.
pub fn read_gateway_id(text: &str) -> Result<GatewayId> {
    GatewayId::parse(text).map_err(|_| missing())
}

/// The error for a gateway that does not exist or belongs to another organization.
pub(super) fn missing() -> Error {
    Error::NotFound(NO_GATEWAY)
}

/// The cache has no fresh copy of the gateway.
#[derive(Debug)]
pub struct UnknownGateway {
    /// The generation of the cache at the lookup (see the module `cache`).
    generation: u64,
}

impl Service {
    /// Returns a gateway of the caller's organization.
    pub async fn get_gateway(&self, caller: &Caller, id: &GatewayId) -> Result<Gateway> {
        policy::permit_organization(caller, Action::ReadGateways)?;
        let found = self.find_gateway(&mut self.store.read().await?, caller, id).await?;
        self.record_read(caller, AuditAction::GatewayAccessed, AuditTarget::Gateway(&found.gateway_id))
            .await?;
        Ok(found)
    }

    /// Returns the gateway that a proxy names, of any organization, or `None` if it does not exist. The answer comes
    /// from the cache: changes by this process are visible at once, changes by another process within 2 seconds.
    pub async fn gateway(&self, id: &str) -> Result<Option<Arc<Gateway>>> {
        match self.gateway_now(id, self.moment()) {
            Ok(found) => Ok(found),
            Err(unknown) => self.ask_gateway(id, unknown).await,
        }
    }

    /// Like [`Self::gateway`], but without waiting. A caller that gets [`UnknownGateway`] must call
    /// [`Self::ask_gateway`]: other requests go on using the old copy and rely on this caller to renew it.
    pub fn gateway_now(
        &self,
        id: &str,
        at: Moment,
    ) -> std::result::Result<Option<Arc<Gateway>>, UnknownGateway> {
        match self.gateway_cache.get(id, at.millis, self.key_cache.is_current(at.millis)) {
            Found::Copy(gateway) => Ok(gateway),
            Found::Unknown { generation } => Err(UnknownGateway { generation }),
        }
    }

    /// Reads the gateway from the database and stores it in the cache.
    pub async fn ask_gateway(&self, id: &str, unknown: UnknownGateway) -> Result<Option<Arc<Gateway>>> {
        let UnknownGateway { generation } = unknown;
        let Ok(id) = GatewayId::parse(id) else { return Ok(None) };
        let asked_at = self.clock.monotonic_millis();
        let found = store::gateways::find_anywhere(&mut self.store.read().await?, &id).await?.map(Arc::new);
        self.gateway_cache.insert(id.as_str(), found.clone(), asked_at, generation);
        Ok(found)
    }

    /// Lists the ids of all gateways, if they are not listed yet. After that, an id that a client made up costs no
    /// query.
    pub(crate) async fn list_gateway_ids(&self) -> Result<()> {
        if self.gateway_cache.begin_list() {
            let ids = store::gateways::ids(&mut self.store.read().await?, IDS_MAX + 1).await?;
            self.gateway_cache.end_list(ids);
        }
        Ok(())
    }

    /// Reads the gateway and locks its row until the end of the transaction, so that concurrent changes wait for each
    /// other.
    pub(super) async fn lock_gateway(&self, tx: &mut Tx, caller: &Caller, id: &GatewayId) -> Result<Gateway> {
        if !store::gateways::lock(tx, caller.organization(), id).await? {
            return Err(missing());
        }
        self.find_gateway(tx, caller, id).await
    }

    async fn find_gateway(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        id: &GatewayId,
    ) -> Result<Gateway> {
        let found = store::gateways::find(db, caller.organization(), id).await?;
        found.ok_or_else(missing)
    }
}
