//! Revoking the keys of owners who have ended.

use std::time::Duration;

use model::audit::{AuditAction, AuditEvent, AuditResource};
use model::id::{AuditId, KeyId};
use store::ends::OwnerEnd;
use tokio::sync::watch;

use crate::audit::Changes;
use crate::error::Result;
use crate::state::Service;

/// Keys revoked in one transaction: on SQLite others wait for it to write, some 20 milliseconds.
pub(crate) const BATCH: u32 = 100;
/// Between two looks for ends that other processes wrote, or that are left from before a crash.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Shortest and longest rest after a batch.
const REST_MILLIS: std::ops::RangeInclusive<u64> = 1..=1000;

impl Service {
    /// Goes on until it is told to stop. After each batch it rests for as long as the batch took, so that at least half of the
    /// time is for others. A batch that failed is tried again.
    pub(crate) async fn keep_ending(self, mut stopped: watch::Receiver<bool>) {
        loop {
            let started = self.clock.monotonic_millis();
            let rest = match self.revoke_some_ended().await {
                Ok(true) => {
                    let took = self.clock.monotonic_millis().saturating_sub(started);
                    Duration::from_millis(took.clamp(*REST_MILLIS.start(), *REST_MILLIS.end()))
                }
                Ok(false) => LOOK_EVERY,
                Err(error) => {
                    tracing::warn!(
                        error = &error as &(dyn std::error::Error + 'static),
                        "keys of an owner who has ended could not be revoked yet; they are refused all the same"
                    );
                    LOOK_EVERY
                }
            };
            tokio::select! {
                _ = stopped.changed() => break,
                () = self.ended.notified(), if rest == LOOK_EVERY => {}
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    /// Revokes one batch, each key with its audit record. Keys that had expired end for good, which needs none, because they are
    /// still shown as expired. False when nothing is left to do here. Several processes may do so at
    /// the same time.
    pub(crate) async fn revoke_some_ended(&self) -> Result<bool> {
        if !store::ends::any(&mut self.store.read().await?).await? {
            return Ok(false);
        }
        let mut tx = self.store.begin().await?;
        let Some(end) = store::ends::take(&mut tx).await? else { return Ok(false) };
        let batch = store::keys::revoke_ended(&mut tx, &end, BATCH).await?;
        let events =
            batch.revoked.iter().map(|key| self.event_of_ended(&end, key)).collect::<Result<Vec<_>>>()?;
        store::audit::insert_many(&mut tx, &events).await?;
        if batch.is_last {
            store::ends::remove(&mut tx, &end).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The record of a key that was revoked with its owner: by whom, from where and in which request is what the record of the
    /// owner's end says.
    pub(super) fn event_of_ended(&self, end: &OwnerEnd, key: &KeyId) -> Result<AuditEvent> {
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
