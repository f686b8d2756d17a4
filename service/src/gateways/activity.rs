//! The activity of gateways: which requests proxies asked about. It is recorded in memory, at most one request for each
//! gateway, second and outcome, and written to the database later.

use model::gateway::{GatewayActivity, GatewayOutcome};
use model::id::{GatewayId, KeyId};
use store::Connection;

use crate::actor::Caller;
use crate::clock::Moment;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

/// Number of gateways whose activity is written in one transaction.
const BATCH: usize = 1000;

impl Service {
    /// Records a request that a proxy asked about, so that admins can see whether their proxy uses the gateway. It does
    /// not wait for the database. `rest` returns the key and the client's address, and is called only if the request is
    /// recorded.
    pub fn record_gateway_request(
        &self,
        id: &GatewayId,
        outcome: GatewayOutcome,
        at: Moment,
        rest: impl FnOnce() -> (Option<KeyId>, Option<String>),
    ) {
        self.gateway_activity.record(id, outcome, at.now, rest);
    }

    /// Returns the activity of a gateway, which is a second or two old. This read is not audited, because pages poll
    /// it.
    pub async fn gateway_activity(&self, caller: &Caller, id: &GatewayId) -> Result<GatewayActivity> {
        policy::permit_organization(caller, Action::ReadGateways)?;
        self.activity_of(&mut self.store.read().await?, caller, id).await
    }

    pub(super) async fn activity_of(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        id: &GatewayId,
    ) -> Result<GatewayActivity> {
        let found = store::gateway_activity::find(db, caller.organization(), id).await?;
        found.ok_or_else(super::get::missing)
    }

    /// Writes the recorded activity to the database.
    pub(crate) async fn write_gateway_activity(&self) -> Result<()> {
        self.write_up_to(&*self.gateway_activity, BATCH, self.gateway_activity.len()).await
    }
}
