//! Revokes the keys of owners who have ended, in batches.

use std::time::Duration;

use model::audit::{AuditAction, AuditEvent, AuditResource};
use model::id::{AuditId, KeyId};
use store::owner_revocations::OwnerRevocation;
use tokio::sync::watch;

use crate::audit::Changes;
use crate::batches::Batches;
use crate::error::Result;
use crate::state::Service;

/// Number of keys revoked in one transaction. On SQLite, other writers wait for it: for a few milliseconds if the keys
/// have common names, and up to ten times as long if each has the longest name, whose search terms have 20 KiB in
/// total.
pub(crate) const BATCH: u32 = 25;
/// Time between two checks for owner revocations by other processes, or from before a crash.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

impl Service {
    /// Revokes batches until it is told to stop.
    pub(crate) async fn revoke_keys_of_ended_owners(self, stopped: watch::Receiver<bool>) {
        let batches = Batches {
            clock: &self.clock,
            poll_interval: POLL_INTERVAL,
            wake: &self.owner_revoked,
            failure: "keys of an ended owner could not be revoked yet; they are refused nevertheless",
        };
        batches.run(stopped, || self.revoke_next_batch()).await;
    }

    /// Revokes one batch of keys, each with its audit record. Keys that had already expired end for good. They get no
    /// audit record, because they are still shown as expired. Returns `false` if there is nothing left to do. Several
    /// processes may call this at the same time.
    pub(crate) async fn revoke_next_batch(&self) -> Result<bool> {
        if !store::owner_revocations::any(&mut self.store.read().await?).await? {
            return Ok(false);
        }
        let mut tx = self.store.begin().await?;
        let Some(end) = store::owner_revocations::lock_oldest(&mut tx).await? else { return Ok(false) };
        let batch = store::keys::revoke_ended(&mut tx, &end, BATCH).await?;
        let events =
            batch.revoked.iter().map(|key| self.revocation_event(&end, key)).collect::<Result<Vec<_>>>()?;
        store::audit::insert_many(&mut tx, &events).await?;
        if batch.is_last {
            store::owner_revocations::remove(&mut tx, &end).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Builds the audit record of a key that was revoked with its owner. Actor, address and request are copied from the
    /// record of the owner's end.
    pub(super) fn revocation_event(&self, end: &OwnerRevocation, key: &KeyId) -> Result<AuditEvent> {
        let changes = Changes::default().field("status", "active", "revoked").field(
            "reason",
            "",
            end.revocation.reason.as_str(),
        );
        Ok(AuditEvent {
            audit_id: AuditId::from_random(&self.entropy.id()?),
            at: self.clock.now(),
            action: AuditAction::ApiKeyRevoked.into(),
            resource: AuditResource::ApiKey.into(),
            resource_id: key.to_string(),
            changes: changes.into_map(),
            ..end.event.clone()
        })
    }
}
