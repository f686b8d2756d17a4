//! Reads the usage counts of one key.

use model::Timestamp;
use model::audit::AuditAction;
use model::id::KeyId;
use model::key::Key;
use model::usage::{EndpointUsage, OutcomeCounts, UsageRange};
use store::usage::UsageScope as Counted;

use crate::actor::{Caller, KeyRef};
use crate::audit::AuditTarget;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

/// The usage of a key in a period.
#[derive(Debug)]
pub struct UsageOfKey {
    pub key: Key,
    pub range: UsageRange,
    /// Uses by outcome.
    pub counts: OutcomeCounts,
}

/// The endpoints that a key called, with their counts.
pub type KeyEndpoints = Vec<EndpointUsage>;

impl Service {
    /// Returns the usage counts of a key that the caller may see.
    pub async fn usage_of_key(
        &self,
        caller: &Caller,
        key: &KeyId,
        (start, end): (Option<Timestamp>, Option<Timestamp>),
    ) -> Result<UsageOfKey> {
        policy::permit(caller, Action::ListKeys)?;
        let range = UsageRange::new(start, end, self.clock.now());
        let mut db = self.store.read().await?;
        let key = self.load_key(&mut db, caller, Action::ListKeys, &KeyRef::Id(key.clone())).await?;
        let counted = [Counted::Key(&key.key_id)];
        let mut counts = store::usage::counts(&mut db, &counted, range.cover()).await?;
        drop(db);
        self.record_read(caller, AuditAction::UsageAccessed, AuditTarget::Key(&key.key_id)).await?;
        let counts = counts.remove(key.key_id.as_str()).unwrap_or_default();
        Ok(UsageOfKey { key, range, counts })
    }

    /// Returns the endpoints that a key called, in whole days, if the caller may see the key.
    pub async fn endpoints_of_key(
        &self,
        caller: &Caller,
        key: &KeyId,
        (start, end): (Option<Timestamp>, Option<Timestamp>),
    ) -> Result<KeyEndpoints> {
        policy::permit(caller, Action::ListKeys)?;
        let range = UsageRange::new(start, end, self.clock.now()).in_days();
        let mut db = self.store.read().await?;
        let key = self.load_key(&mut db, caller, Action::ListKeys, &KeyRef::Id(key.clone())).await?;
        let endpoints = store::usage::endpoints(&mut db, &key.key_id, range.start, range.end).await?;
        drop(db);
        self.record_read(caller, AuditAction::UsageAccessed, AuditTarget::Key(&key.key_id)).await?;
        Ok(endpoints)
    }
}
