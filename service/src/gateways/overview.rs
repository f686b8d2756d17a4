//! Gateways as the console shows them: with their creator, their activity and their history.

use std::collections::HashMap;

use model::audit::{AuditAction, AuditEvent};
use model::gateway::{GatewayDetails, GatewayOutcome, GatewayRow, ObservedKey, ObservedRequest};
use model::id::GatewayId;
use model::key::{KeyQuery, KeySort, SortColumn};
use model::page::PageSize;

use store::gateway_activity::ActivityTimes;

use crate::actor::Caller;
use crate::audit::AuditTarget;
use crate::error::Result;
use crate::keys::names;
use crate::state::Service;

/// Maximum number of audit records in a gateway's history.
const HISTORY_MAX: u32 = 100;

impl Service {
    /// Returns all gateways of the caller's organization, ordered by name, each with the times of its first and last
    /// request.
    pub async fn gateway_rows(&self, caller: &Caller) -> Result<Vec<GatewayRow>> {
        let gateways = self.list_gateways(caller).await?;
        let times =
            store::gateway_activity::times(&mut self.store.read().await?, caller.organization()).await?;
        let times: HashMap<_, _> = times.into_iter().collect();
        let row = |gateway: model::gateway::Gateway| {
            let ActivityTimes { first_at, last_at } =
                times.get(&gateway.gateway_id).copied().unwrap_or_default();
            GatewayRow { gateway, first_seen_at: first_at, last_seen_at: last_at }
        };
        Ok(gateways.into_iter().map(row).collect())
    }

    /// Returns a gateway of the caller's organization, with the times of its first and last request.
    pub async fn gateway_row(&self, caller: &Caller, id: &GatewayId) -> Result<GatewayRow> {
        let gateway = self.get_gateway(caller, id).await?;
        let seen = self.gateway_activity(caller, id).await?;
        Ok(GatewayRow::new(gateway, &seen))
    }

    /// Returns a gateway with its creator and its activity.
    pub async fn gateway_details(&self, caller: &Caller, id: &GatewayId) -> Result<GatewayDetails> {
        let gateway = self.get_gateway(caller, id).await?;
        let seen = self.gateway_activity(caller, id).await?;
        let mut db = self.store.read().await?;
        let creator = names(&mut db, gateway.created_by.iter()).await?.into_values().next();
        let creator = creator.map(|(email, name)| if email.is_empty() { name } else { email });
        Ok(GatewayDetails { gateway, seen, creator })
    }

    /// Returns the audit records of a gateway's changes, newest first.
    pub async fn gateway_history(&self, caller: &Caller, id: &GatewayId) -> Result<Vec<AuditEvent>> {
        let gateway = self.get_gateway(caller, id).await?;
        let mut db = self.store.read().await?;
        let (organization, id) = (caller.organization(), gateway.gateway_id);
        let events = store::audit::changes_of(&mut db, organization, id.as_str(), HISTORY_MAX).await?;
        drop(db);
        self.record_read(caller, AuditAction::AuditLogAccessed, AuditTarget::Gateway(&id)).await?;
        Ok(events)
    }

    /// Returns the latest use among the active keys that the caller may see, whether it came through a gateway or not.
    /// This read is not audited, because pages poll it.
    pub async fn latest_use(&self, caller: &Caller) -> Result<Option<ObservedRequest>> {
        let sort = KeySort { column: SortColumn::LastUsed, descending: true };
        let query = KeyQuery { sort, size: PageSize::new(1), ..KeyQuery::default() };
        let row = self.find_keys(caller, &query).await?.rows.into_iter().next();
        Ok(row.and_then(|row| {
            let used = row.key.last_use?;
            Some(ObservedRequest {
                at: used.at,
                outcome: GatewayOutcome::Allowed.into(),
                key: Some(ObservedKey {
                    key_id: row.key.key_id,
                    name: row.key.fields.name.as_str().to_owned(),
                }),
                address: used.address,
            })
        }))
    }
}
