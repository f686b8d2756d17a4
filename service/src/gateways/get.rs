//! One gateway: for those who manage it, and for proxies.

use std::sync::Arc;

use model::audit::AuditAction;
use model::gateway::Gateway;
use model::id::GatewayId;
use store::{Connection, Tx};

use super::copies::Found;
use super::ids::IDS_MAX;
use crate::actor::Caller;
use crate::audit::Subject;
use crate::clock::Moment;
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::Service;

/// The one sentence for a gateway that is missing or foreign.
const NO_GATEWAY: &str = "There is no such gateway.";

/// The id of a gateway as a request says it. What is no id at all is answered like an unknown one.
pub fn read_gateway_id(text: &str) -> Result<GatewayId> {
    GatewayId::parse(text).map_err(|_| missing())
}

/// The answer for a gateway that is missing or foreign.
pub(super) fn missing() -> Error {
    Error::NotFound(NO_GATEWAY)
}

/// A gateway that memory has no fresh copy of.
#[derive(Debug)]
pub struct UnknownGateway {
    /// Of the moment of asking: see [`super::copies`].
    generation: u64,
}

impl Service {
    /// A gateway of the caller's organization.
    pub async fn get_gateway(&self, caller: &Caller, id: &GatewayId) -> Result<Gateway> {
        policy::permit_organization(caller, Action::ReadGateways)?;
        let found = self.find_gateway(&mut self.store.read().await?, caller, id).await?;
        self.record_read(caller, AuditAction::GatewayAccessed, Subject::Gateway(&found.gateway_id)).await?;
        Ok(found)
    }

    /// The gateway that a proxy names, whosever it is; nothing when there is none. From memory: what this process changes
    /// counts at once, what another one changes within 2 seconds.
    pub async fn gateway(&self, id: &str) -> Result<Option<Arc<Gateway>>> {
        match self.gateway_now(id, self.moment()) {
            Ok(found) => Ok(found),
            Err(unknown) => self.ask_gateway(id, unknown).await,
        }
    }

    /// The same without waiting for anything, at the present moment. Whoever is told that it is unknown is to ask: others
    /// may rely on it.
    pub fn gateway_now(
        &self,
        id: &str,
        at: Moment,
    ) -> std::result::Result<Option<Arc<Gateway>>, UnknownGateway> {
        match self.gateways.look(id, at.millis, self.directory.is_current(at.millis)) {
            Found::Copy(gateway) => Ok(gateway),
            Found::Unknown { generation } => Err(UnknownGateway { generation }),
        }
    }

    /// The gateway as the database has it.
    pub async fn ask_gateway(&self, id: &str, unknown: UnknownGateway) -> Result<Option<Arc<Gateway>>> {
        let UnknownGateway { generation } = unknown;
        let Ok(id) = GatewayId::parse(id) else { return Ok(None) };
        let asked_at = self.clock.monotonic_millis();
        let found = store::gateways::find_anywhere(&mut self.store.read().await?, &id).await?.map(Arc::new);
        self.gateways.keep(id.as_str(), found.clone(), asked_at, generation);
        Ok(found)
    }

    /// Lists the ids of all gateways, if they are not listed: whoever makes one up then causes no query.
    pub(crate) async fn list_gateway_ids(&self) -> Result<()> {
        if self.gateways.begin_list() {
            let ids = store::gateways::ids(&mut self.store.read().await?, IDS_MAX + 1).await?;
            self.gateways.end_list(ids);
        }
        Ok(())
    }

    /// The gateway, held as it is until the end of the transaction: those who change it wait for each other.
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
