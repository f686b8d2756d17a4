//! The activity of gateways in memory: at most one request for each gateway, second and outcome.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use model::Timestamp;
use model::gateway::GatewayOutcome;
use model::id::{GatewayId, KeyId};
use store::gateway_activity::{ActivityUpdate, Observation};

/// Maximum number of gateways in memory. Activity of further ones is not recorded until the next start.
const GATEWAYS_MAX: usize = 10_000;
/// The number of low bits of [`GatewayEntry::recorded`] that say which outcomes were recorded. The bits above them hold
/// the second.
const OUTCOME_BITS: u32 = 8;

/// The activity of all gateways.
#[derive(Default)]
pub(crate) struct ActivityLog(RwLock<HashMap<String, GatewayEntry>>);

/// The activity of one gateway.
#[derive(Default)]
struct GatewayEntry {
    /// The second of the last recorded request, and the outcomes that were recorded in it. A request that need not be
    /// recorded reads only this field.
    recorded: AtomicU64,
    /// Whether this process has recorded a request that a key let pass.
    has_first: AtomicBool,
    unwritten: Mutex<PendingActivity>,
}

#[derive(Default)]
struct PendingActivity {
    first: Option<Observation>,
    last: Option<Observation>,
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
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get(id.as_str()) {
            entry.record(outcome, at, rest);
            return;
        }
        drop(entries);
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() < GATEWAYS_MAX || entries.contains_key(id.as_str()) {
            entries.entry(id.to_string()).or_default().record(outcome, at, rest);
        }
    }

    /// Takes the activity that was not written yet, ordered by gateway id. All writers use this order, so that they
    /// cannot deadlock.
    pub(super) fn take(&self) -> Vec<ActivityUpdate> {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut recorded: Vec<_> = entries.iter().filter_map(|(id, entry)| entry.take(id)).collect();
        recorded.sort_by(|a, b| a.gateway_id.as_str().cmp(b.gateway_id.as_str()));
        recorded
    }

    /// Puts back activity that could not be written, unless newer activity was recorded meanwhile.
    pub(super) fn put_back(&self, recorded: Vec<ActivityUpdate>) {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        for ActivityUpdate { gateway_id, first, last } in recorded {
            let Some(entry) = entries.get(gateway_id.as_str()) else { continue };
            let mut unwritten = entry.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
            unwritten.first = first.or(unwritten.first.take());
            unwritten.last = unwritten.last.take().or(last);
        }
    }
}

impl GatewayEntry {
    fn record(
        &self,
        outcome: GatewayOutcome,
        at: Timestamp,
        rest: impl FnOnce() -> (Option<KeyId>, Option<String>),
    ) {
        if !self.is_first(outcome, at) {
            return;
        }
        let (key_id, address) = rest();
        let seen = Observation { at, outcome, key_id, address };
        let is_first = outcome == GatewayOutcome::Allowed
            && seen.key_id.is_some()
            && !self.has_first.swap(true, Ordering::Relaxed);
        let mut unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
        if is_first {
            unwritten.first = Some(seen.clone());
        }
        unwritten.last = Some(seen);
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

    fn take(&self, id: &str) -> Option<ActivityUpdate> {
        let mut unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
        let PendingActivity { first, last } = std::mem::take(&mut *unwritten);
        if first.is_none() && last.is_none() {
            return None;
        }
        // Parsing does not fail, because all ids are those of existing gateways.
        Some(ActivityUpdate { gateway_id: GatewayId::parse(id).ok()?, first, last })
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
        assert_eq!(activity.take()[0].first, None);
        record(&activity, GatewayOutcome::Allowed, 1_000_000, Some("k"));
        record(&activity, GatewayOutcome::Allowed, 2_000_000, Some("l"));
        let taken = activity.take();
        let seconds = |seen: &Option<Observation>| seen.as_ref().map(|seen| seen.at.seconds());
        assert_eq!((seconds(&taken[0].first), seconds(&taken[0].last)), (Some(1), Some(2)));
        assert!(activity.take().is_empty());
        record(&activity, GatewayOutcome::Allowed, 3_000_000, Some("k"));
        activity.put_back(taken);
        let taken = activity.take();
        assert_eq!((seconds(&taken[0].first), seconds(&taken[0].last)), (Some(1), Some(3)));
    }
}
