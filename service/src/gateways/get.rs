//! Reads one gateway, for its admins and for proxies.

use std::sync::Arc;

use model::audit::AuditAction;
use model::gateway::Gateway;
use model::id::GatewayId;
use store::{Connection, Tx};

use crate::actor::Caller;
use crate::audit::AuditTarget;
use crate::clock::Moment;
use crate::error::{Error, Result};
use crate::gateway_cache::{IDS_MAX, Subject};
use crate::mirror::{CloseOnDrop, Mirror, ReadEpoch};
use crate::policy::{self, Action};
use crate::single_flight::{Answer, Mirrored, SingleFlight};
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

/// The gateway is not in memory.
#[derive(Debug)]
pub struct UnknownGateway;

/// The gateways in the gateway cache.
struct Gateways;

impl Mirrored for Gateways {
    type Key = GatewayId;
    type Found = Option<Arc<Gateway>>;
    type Subject = Subject;

    fn mirror(service: &Service) -> &Mirror<Subject> {
        service.mirrors.gateway_cache.mirror()
    }

    fn flights(service: &Service) -> &SingleFlight<GatewayId, Self::Found> {
        &service.gateway_flights
    }

    fn subject(id: &GatewayId) -> Subject {
        Subject::Gateway(id.to_string())
    }

    async fn read(service: &Service, epoch: &ReadEpoch, id: &GatewayId) -> Answer<Self::Found> {
        let found = store::gateways::find_anywhere(&mut service.store.read().await?, id).await?.map(Arc::new);
        service.mirrors.gateway_cache.insert(epoch, id.as_str(), found.as_ref());
        Ok(found)
    }
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
    /// from the cache: changes by this process are visible at once, changes by another process within a second.
    pub async fn gateway(&self, id: &str) -> Result<Option<Arc<Gateway>>> {
        match self.gateway_now(id, self.moment()) {
            Ok(found) => Ok(found),
            Err(UnknownGateway) => self.ask_gateway(id).await,
        }
    }

    /// Like [`Self::gateway`], but without waiting. Returns an error if the database must be asked.
    pub fn gateway_now(
        &self,
        id: &str,
        at: Moment,
    ) -> std::result::Result<Option<Arc<Gateway>>, UnknownGateway> {
        let cache = &self.mirrors.gateway_cache;
        if !cache.mirror().is_current(at.millis) {
            return Err(UnknownGateway);
        }
        cache.find(id, |gateway| Some(Arc::clone(gateway?))).ok_or(UnknownGateway)
    }

    /// Reads the gateway from the database and stores it in the cache.
    pub async fn ask_gateway(&self, id: &str) -> Result<Option<Arc<Gateway>>> {
        let Ok(id) = GatewayId::parse(id) else { return Ok(None) };
        self.ask::<Gateways>(id).await
    }

    /// Lists the ids of all gateways, if they are not listed yet. After that, an id that a client made up costs no
    /// query.
    pub(crate) async fn list_gateway_ids(&self) -> Result<()> {
        let cache = &self.mirrors.gateway_cache;
        if cache.lacks_ids() {
            let epoch = cache.mirror().begin_read();
            let _close = CloseOnDrop(cache.mirror(), &epoch);
            let ids = store::gateways::ids(&mut self.store.read().await?, IDS_MAX + 1).await?;
            cache.insert_ids(&epoch, ids);
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
