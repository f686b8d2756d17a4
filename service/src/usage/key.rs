//! How often one key was used.

use model::Timestamp;
use model::audit::AuditAction;
use model::id::KeyId;
use model::key::Key;
use model::usage::{EndpointUsage, OutcomeCounts, UsageRange};
use store::usage::Subject as Counted;

use crate::actor::{Caller, KeyRef};
use crate::audit::Subject;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

/// How often a key was used.
#[derive(Debug)]
pub struct UsageOfKey {
    /// The key.
    pub key: Key,
    /// In which time.
    pub range: UsageRange,
    /// What came of it.
    pub counts: OutcomeCounts,
}

/// What a key asked for.
pub type KeyEndpoints = Vec<EndpointUsage>;

impl Service {
    /// How often a key was used, no further than the caller reaches.
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
        self.record_read(caller, AuditAction::UsageAccessed, Subject::Key(&key.key_id)).await?;
        let counts = counts.remove(key.key_id.as_str()).unwrap_or_default();
        Ok(UsageOfKey { key, range, counts })
    }

    /// What a key asked for, in whole days, no further than the caller reaches.
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
        self.record_read(caller, AuditAction::UsageAccessed, Subject::Key(&key.key_id)).await?;
        Ok(endpoints)
    }
}
