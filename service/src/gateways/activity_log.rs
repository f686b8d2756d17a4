//! The activity of gateways in memory: at most one request for each gateway, second and outcome.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use model::Timestamp;
use model::gateway::GatewayOutcome;
use model::id::{GatewayId, KeyId};
use store::Tx;
use store::gateway_activity::{ActivityUpdate, Observation};

use crate::counts::Queue;
use crate::error::Result;
use crate::write_behind::{Collected, Collector, WriteBehind};

/// Maximum number of gateways in memory. Activity of further ones is not recorded until the next start.
const GATEWAYS_MAX: usize = 10_000;
/// The number of low bits of [`GatewayEntry::recorded`] that say which outcomes were recorded. The bits above them are
/// the second.
const OUTCOME_BITS: u32 = 8;

/// The activity of all gateways.
pub(crate) struct ActivityLog {
    recorded: RwLock<HashMap<String, GatewayEntry>>,
    unwritten: Collector<GatewayId, PendingActivity>,
}

/// Which requests of one gateway were recorded.
#[derive(Default)]
struct GatewayEntry {
    /// The second of the last recorded request, and the outcomes that were recorded in it. A request that need not be
    /// recorded reads only this field.
    recorded: AtomicU64,
    /// Whether this process has recorded a request that a key let pass.
    has_first: AtomicBool,
}

/// The activity of one gateway since the last write.
#[derive(Default)]
pub(crate) struct PendingActivity {
    first: Option<Observation>,
    last: Option<Observation>,
}

impl Default for ActivityLog {
    fn default() -> Self {
        Self { recorded: RwLock::default(), unwritten: Collector::new(GATEWAYS_MAX) }
    }
}

impl ActivityLog {
    /// Records a request, unless one with the same outcome was recorded in the same second. Apart from short locks, it
    /// waits for nothing.
    pub(super) fn record(
        &self,
        id: &GatewayId,
        outcome: GatewayOutcome,
        at: Timestamp,
        rest: impl FnOnce() -> (Option<KeyId>, Option<String>),
    ) {
        let Some(true) = self.entry(id, |entry| entry.is_first(outcome, at)) else { return };
        let (key_id, address) = rest();
        let seen = Observation { at, outcome, key_id, address };
        let may_be_first = outcome == GatewayOutcome::Allowed && seen.key_id.is_some();
        let is_first = may_be_first && self.entry(id, GatewayEntry::take_first).unwrap_or_default();
        self.unwritten.record(id, PendingActivity::default, |unwritten| {
            if is_first {
                unwritten.first = Some(seen.clone());
            }
            unwritten.last = Some(seen);
        });
    }

    /// Number of gateways with activity to be written.
    pub(crate) fn len(&self) -> usize {
        self.unwritten.len()
    }

    pub(crate) fn lost_count(&self) -> u64 {
        self.unwritten.lost_count()
    }

    /// Calls `look` with the entry of a gateway. Returns `None` if there is no room for a new one.
    fn entry<T>(&self, id: &GatewayId, look: impl FnOnce(&GatewayEntry) -> T) -> Option<T> {
        let entries = self.recorded.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get(id.as_str()) {
            return Some(look(entry));
        }
        drop(entries);
        let mut entries = self.recorded.write().unwrap_or_else(PoisonError::into_inner);
        let has_room = entries.len() < GATEWAYS_MAX || entries.contains_key(id.as_str());
        has_room.then(|| look(entries.entry(id.to_string()).or_default()))
    }
}

impl WriteBehind for ActivityLog {
    type Item = (GatewayId, PendingActivity);

    const QUEUE: Queue = Queue::GatewayActivity;

    fn take(&self, most: usize) -> Vec<Self::Item> {
        self.unwritten.take(most)
    }

    fn put_back(&self, unwritten: Vec<Self::Item>) {
        self.unwritten.put_back(unwritten);
    }

    async fn write(&self, tx: &mut Tx, batch: &[Self::Item]) -> Result<()> {
        let update = |(id, pending): &Self::Item| ActivityUpdate {
            gateway_id: id.clone(),
            first: pending.first.clone(),
            last: pending.last.clone(),
        };
        let mut updates: Vec<_> = batch.iter().map(update).collect();
        // All writers use this order, so that they cannot deadlock.
        updates.sort_by(|a, b| a.gateway_id.as_str().cmp(b.gateway_id.as_str()));
        Ok(store::gateway_activity::record(tx, &updates).await?)
    }
}

impl Collected for PendingActivity {
    fn add_earlier(&mut self, earlier: Self) {
        self.first = earlier.first.or(self.first.take());
        self.last = self.last.take().or(earlier.last);
    }
}

impl GatewayEntry {
    /// Whether this is the first request that a key let pass, as far as this process knows.
    fn take_first(&self) -> bool {
        !self.has_first.swap(true, Ordering::Relaxed)
    }

    /// Whether no request with this outcome was recorded in this second. Two concurrent callers can both get `true`;
    /// then both requests are recorded.
    fn is_first(&self, outcome: GatewayOutcome, at: Timestamp) -> bool {
        let bit = 1_u64 << (outcome as u32);
        let second = u64::try_from(at.seconds()).unwrap_or_default() << OUTCOME_BITS;
        let before = self.recorded.load(Ordering::Relaxed);
        let (before_second, before_bits) = (before >> OUTCOME_BITS << OUTCOME_BITS, before & 0xFF);
        let bits = if before_second == second { before_bits } else { 0 };
        if bits & bit != 0 {
            return false;
        }
        self.recorded.store(second | bits | bit, Ordering::Relaxed);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(activity: &ActivityLog, outcome: GatewayOutcome, micros: i64, key: Option<&str>) -> bool {
        let mut is_asked = false;
        let id = GatewayId::from_random("a");
        activity.record(&id, outcome, Timestamp::from_micros(micros), || {
            is_asked = true;
            (key.map(KeyId::from_random), None)
        });
        is_asked
    }

    #[test]
    fn only_one_request_is_recorded_for_each_second_and_outcome() {
        let activity = ActivityLog::default();
        assert!(record(&activity, GatewayOutcome::Allowed, 1_000_000, Some("k")));
        assert!(!record(&activity, GatewayOutcome::Allowed, 1_900_000, Some("k")));
        assert!(record(&activity, GatewayOutcome::InvalidKey, 1_900_001, None));
        assert!(!record(&activity, GatewayOutcome::InvalidKey, 1_999_999, None));
        assert!(record(&activity, GatewayOutcome::Allowed, 2_000_000, Some("k")));
        for outcome in GatewayOutcome::ALL {
            assert!(
                record(&activity, *outcome, 3_000_000, None) && !record(&activity, *outcome, 3_000_001, None)
            );
        }
    }

    #[test]
    fn the_first_request_that_passed_is_recorded_once() {
        let activity = ActivityLog::default();
        record(&activity, GatewayOutcome::NoKey, 1, None);
        record(&activity, GatewayOutcome::Allowed, 2, None);
        assert_eq!(activity.take(10)[0].1.first, None);
        record(&activity, GatewayOutcome::Allowed, 1_000_000, Some("k"));
        record(&activity, GatewayOutcome::Allowed, 2_000_000, Some("l"));
        let taken = activity.take(10);
        let seconds = |seen: &Option<Observation>| seen.as_ref().map(|seen| seen.at.seconds());
        assert_eq!((seconds(&taken[0].1.first), seconds(&taken[0].1.last)), (Some(1), Some(2)));
        assert!(activity.take(10).is_empty());
        record(&activity, GatewayOutcome::Allowed, 3_000_000, Some("k"));
        activity.put_back(taken);
        let taken = activity.take(10);
        assert_eq!((seconds(&taken[0].1.first), seconds(&taken[0].1.last)), (Some(1), Some(3)));
    }
}
