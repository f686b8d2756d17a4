//! The present state of what has a state: the key cache, the queues, and the connections to the database.

use store::PoolState;

use super::{Counts, Queue};
use crate::invalidation_feed::VALID_MILLIS;
use crate::state::Service;

/// The state of a service at one moment.
#[derive(Debug)]
pub struct Readings {
    pub key_cache: KeyCacheReading,
    pub queues: Vec<QueueReading>,
    pub pool: PoolState,
}

#[derive(Debug)]
pub struct KeyCacheReading {
    pub secrets: usize,
    /// Maximum number of secrets.
    pub secrets_max: usize,
    /// Whether every secret of the database is listed.
    pub is_complete: bool,
    /// Whether verifications may be answered from memory.
    pub is_current: bool,
    /// Milliseconds since the cache was last known to be up to date. Before that is known for the first time, since the
    /// start.
    pub age_millis: u64,
    /// Secrets that were dropped for lack of room.
    pub dropped: u64,
}

#[derive(Debug)]
pub struct QueueReading {
    pub queue: &'static str,
    /// Number of items to be written.
    pub items: usize,
    /// The age that no item exceeds: the time since everything was last written. Zero if there are no items. `None` for
    /// items that are to wait.
    pub age_millis: Option<u64>,
    /// Items that were lost, because there was no room or the database refused them.
    pub dropped: u64,
}

impl Service {
    /// What was counted since the start.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// What the database counted since the start.
    pub fn database_counts(&self) -> &store::counts::DatabaseCounts {
        self.store.counts()
    }

    /// Reads the present state. This asks only the memory, never the database.
    pub fn readings(&self) -> Readings {
        let now = self.clock.monotonic_millis();
        Readings {
            key_cache: self.read_key_cache(now),
            queues: self.read_queues(now),
            pool: self.store.pool_state(),
        }
    }

    fn read_key_cache(&self, now: u64) -> KeyCacheReading {
        let cache = &self.mirrors.key_cache;
        let valid_until = cache.mirror().valid_until();
        let known_at = valid_until.checked_sub(VALID_MILLIS).unwrap_or(self.counts.started_at);
        KeyCacheReading {
            secrets: cache.secret_count(),
            secrets_max: self.settings.verified_keys_max,
            is_complete: cache.is_complete(),
            is_current: cache.mirror().is_current(now),
            age_millis: now.saturating_sub(known_at),
            dropped: cache.drop_count(),
        }
    }

    fn read_queues(&self, now: u64) -> Vec<QueueReading> {
        // Failed sign-ins wait for up to a minute, because an account gets one record a minute.
        let queues = [
            (Queue::LastUses, self.uses.len(), self.uses.lost_count(), true),
            (Queue::UsageCounts, self.usage.len(), self.usage.lost_count(), true),
            (Queue::VerifiedUses, self.mirrors.key_cache.pending_count(), 0, true),
            (Queue::GatewayActivity, self.gateway_activity.len(), self.gateway_activity.lost_count(), true),
            (Queue::FailedSignIns, self.failed_sign_ins.len(), self.failed_sign_ins.lost_count(), false),
        ];
        let read = |(queue, items, lost, has_age): (Queue, usize, u64, bool)| {
            let age = now.saturating_sub(self.counts.queues.written_at(queue));
            QueueReading {
                queue: queue.as_str(),
                items,
                age_millis: has_age.then_some(if items == 0 { 0 } else { age }),
                dropped: lost + self.counts.queues.refused_count(queue),
            }
        };
        queues.map(read).into()
    }
}
