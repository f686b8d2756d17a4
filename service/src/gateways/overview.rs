//! Gateways as an admin looks at them: with their maker, what they were asked about, and what happened to them.

use std::collections::HashMap;

use model::audit::{AuditAction, AuditEvent};
use model::gateway::{GatewayDetails, GatewayOutcome, GatewayRow, SeenKey, Sighting};
use model::id::GatewayId;
use model::key::{KeyQuery, KeySort, SortColumn};
use model::page::PageSize;

use store::sightings::Times;

use crate::actor::Caller;
use crate::audit::Subject;
use crate::error::Result;
use crate::keys::names;
use crate::state::Service;

/// Records of a gateway's history that its page shows.
const HISTORY_MAX: u32 = 100;

impl Service {
    /// All gateways of the caller's organization, by name, each with the times of its first and last question.
    pub async fn gateway_rows(&self, caller: &Caller) -> Result<Vec<GatewayRow>> {
        let gateways = self.list_gateways(caller).await?;
        let times = store::sightings::times(&mut self.store.read().await?, caller.organization()).await?;
        let times: HashMap<_, _> = times.into_iter().collect();
        let row = |gateway: model::gateway::Gateway| {
            let Times { first_at, last_at } = times.get(&gateway.gateway_id).copied().unwrap_or_default();
            GatewayRow { gateway, first_seen_at: first_at, last_seen_at: last_at }
        };
        Ok(gateways.into_iter().map(row).collect())
    }

    /// A gateway of the caller's organization, with the times of its first and last question.
    pub async fn gateway_row(&self, caller: &Caller, id: &GatewayId) -> Result<GatewayRow> {
        let gateway = self.get_gateway(caller, id).await?;
        let seen = self.gateway_seen(caller, id).await?;
        Ok(GatewayRow::new(gateway, &seen))
    }

    /// A gateway with its maker and what it was asked about.
    pub async fn gateway_details(&self, caller: &Caller, id: &GatewayId) -> Result<GatewayDetails> {
        let gateway = self.get_gateway(caller, id).await?;
        let seen = self.gateway_seen(caller, id).await?;
        let mut db = self.store.read().await?;
        let creator = names(&mut db, gateway.created_by.iter()).await?.into_values().next();
        let creator = creator.map(|(email, name)| if email.is_empty() { name } else { email });
        Ok(GatewayDetails { gateway, seen, creator })
    }

    /// What happened to a gateway, newest first.
    pub async fn gateway_history(&self, caller: &Caller, id: &GatewayId) -> Result<Vec<AuditEvent>> {
        let gateway = self.get_gateway(caller, id).await?;
        let mut db = self.store.read().await?;
        let (organization, id) = (caller.organization(), gateway.gateway_id);
        let events = store::audit::changes_of(&mut db, organization, id.as_str(), HISTORY_MAX).await?;
        drop(db);
        self.record_read(caller, AuditAction::AuditLogAccessed, Subject::Gateway(&id)).await?;
        Ok(events)
    }

    /// The latest use of a key that works, of those that the caller sees, whichever way it reached this server. Not a look
    /// that is audited: pages ask again and again.
    pub async fn latest_use(&self, caller: &Caller) -> Result<Option<Sighting>> {
        let sort = KeySort { column: SortColumn::LastUsed, descending: true };
        let query = KeyQuery { sort, size: PageSize::new(1), ..KeyQuery::default() };
        let row = self.find_keys(caller, &query).await?.rows.into_iter().next();
        Ok(row.and_then(|row| {
            let used = row.key.last_use?;
            Some(Sighting {
                at: used.at,
                outcome: GatewayOutcome::Allowed.into(),
                key: Some(SeenKey { key_id: row.key.key_id, name: row.key.name.as_str().to_owned() }),
                address: used.address,
            })
        }))
    }
}
