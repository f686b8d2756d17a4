//! Which requests gateways were asked about: noted in memory, at most a few a second of each gateway, and written behind.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use model::Timestamp;
use model::gateway::{GatewayOutcome, GatewaySeen};
use model::id::{GatewayId, KeyId};
use store::Connection;
use store::sightings::{Noted, Seen};

use crate::actor::Caller;
use crate::clock::Moment;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

/// Most gateways that are remembered. Those beyond it are not noted until the next start.
const GATEWAYS_MAX: usize = 10_000;
/// Bits of [`Sight::noted`] that say which outcomes were noted; the second stands above them.
const OUTCOME_BITS: u32 = 8;

/// What was seen of each gateway.
#[derive(Default)]
pub(crate) struct Sightings(RwLock<HashMap<String, Sight>>);

/// What was seen of one gateway.
#[derive(Default)]
struct Sight {
    /// The second in which something was last noted, and which outcomes it was. Whoever has nothing new to say looks at
    /// this alone.
    noted: AtomicU64,
    /// Whether this process has noted a request that a key let pass.
    has_first: AtomicBool,
    unwritten: Mutex<Unwritten>,
}

#[derive(Default)]
struct Unwritten {
    first: Option<Seen>,
    last: Option<Seen>,
}

impl Sightings {
    /// Notes a request, unless one that ended alike was noted in the same second. Waits for nothing but, once a second,
    /// for whoever notes the same gateway.
    fn note(
        &self,
        id: &GatewayId,
        outcome: GatewayOutcome,
        at: Timestamp,
        rest: impl FnOnce() -> (Option<KeyId>, Option<String>),
    ) {
        let sights = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(sight) = sights.get(id.as_str()) {
            sight.note(outcome, at, rest);
            return;
        }
        drop(sights);
        let mut sights = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if sights.len() < GATEWAYS_MAX || sights.contains_key(id.as_str()) {
            sights.entry(id.to_string()).or_default().note(outcome, at, rest);
        }
    }

    /// Takes what was not written yet, in the order of the ids: everybody who writes keeps to it, so that nobody waits in
    /// a circle.
    fn take(&self) -> Vec<Noted> {
        let sights = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut noted: Vec<_> = sights.iter().filter_map(|(id, sight)| sight.take(id)).collect();
        noted.sort_by(|a, b| a.gateway_id.as_str().cmp(b.gateway_id.as_str()));
        noted
    }

    /// Puts back what could not be written, unless something newer was noted meanwhile.
    fn put_back(&self, noted: Vec<Noted>) {
        let sights = self.0.read().unwrap_or_else(PoisonError::into_inner);
        for Noted { gateway_id, first, last } in noted {
            let Some(sight) = sights.get(gateway_id.as_str()) else { continue };
            let mut unwritten = sight.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
            unwritten.first = first.or(unwritten.first.take());
            unwritten.last = unwritten.last.take().or(last);
        }
    }
}

impl Sight {
    fn note(
        &self,
        outcome: GatewayOutcome,
        at: Timestamp,
        rest: impl FnOnce() -> (Option<KeyId>, Option<String>),
    ) {
        if !self.is_news(outcome, at) {
            return;
        }
        let (key_id, address) = rest();
        let seen = Seen { at, outcome, key_id, address };
        let is_first = outcome == GatewayOutcome::Allowed
            && seen.key_id.is_some()
            && !self.has_first.swap(true, Ordering::Relaxed);
        let mut unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
        if is_first {
            unwritten.first = Some(seen.clone());
        }
        unwritten.last = Some(seen);
    }

    /// Whether nothing that ended alike was noted in this second. Of two who ask at once both may be told so; then the
    /// same is noted twice.
    fn is_news(&self, outcome: GatewayOutcome, at: Timestamp) -> bool {
        let bit = 1_u64 << (outcome as u32);
        let second = u64::try_from(at.seconds()).unwrap_or_default() << OUTCOME_BITS;
        let before = self.noted.load(Ordering::Relaxed);
        let (before_second, before_bits) = (before >> OUTCOME_BITS << OUTCOME_BITS, before & 0xFF);
        let bits = if before_second == second { before_bits } else { 0 };
        if bits & bit != 0 {
            return false;
        }
        self.noted.store(second | bits | bit, Ordering::Relaxed);
        true
    }

    fn take(&self, id: &str) -> Option<Noted> {
        let mut unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
        let Unwritten { first, last } = std::mem::take(&mut *unwritten);
        if first.is_none() && last.is_none() {
            return None;
        }
        // Ids here are those of gateways that were found.
        Some(Noted { gateway_id: GatewayId::parse(id).ok()?, first, last })
    }
}

impl Service {
    /// Notes a request that a proxy asked about, for those who look whether their proxy does. Nothing is waited for, and
    /// `rest`, the key and the client's address, is asked for only when it is news.
    pub fn note_seen(
        &self,
        id: &GatewayId,
        outcome: GatewayOutcome,
        at: Moment,
        rest: impl FnOnce() -> (Option<KeyId>, Option<String>),
    ) {
        self.sightings.note(id, outcome, at.now, rest);
    }

    /// What a gateway was asked about, at most a second or two ago. Not a look that is audited: pages ask again and again.
    pub async fn gateway_seen(&self, caller: &Caller, id: &GatewayId) -> Result<GatewaySeen> {
        policy::permit_organization(caller, Action::ReadGateways)?;
        self.seen_of(&mut self.store.read().await?, caller, id).await
    }

    pub(super) async fn seen_of(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        id: &GatewayId,
    ) -> Result<GatewaySeen> {
        let found = store::sightings::find(db, caller.organization(), id).await?;
        found.ok_or_else(super::get::missing)
    }

    /// Writes what was noted.
    pub(crate) async fn write_sightings(&self) -> Result<()> {
        let noted = self.sightings.take();
        if noted.is_empty() {
            return Ok(());
        }
        let written = async {
            let mut tx = self.store.begin().await?;
            store::sightings::record(&mut tx, &noted).await?;
            tx.commit().await
        };
        let written = written.await;
        if written.is_err() {
            self.sightings.put_back(noted);
        }
        Ok(written?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(sightings: &Sightings, outcome: GatewayOutcome, micros: i64, key: Option<&str>) -> bool {
        let mut is_asked = false;
        let id = GatewayId::from_random("a");
        sightings.note(&id, outcome, Timestamp::from_micros(micros), || {
            is_asked = true;
            (key.map(KeyId::from_random), None)
        });
        is_asked
    }

    #[test]
    fn of_requests_of_one_second_that_end_alike_one_is_noted() {
        let sightings = Sightings::default();
        assert!(note(&sightings, GatewayOutcome::Allowed, 1_000_000, Some("k")));
        assert!(!note(&sightings, GatewayOutcome::Allowed, 1_900_000, Some("k")));
        assert!(note(&sightings, GatewayOutcome::InvalidKey, 1_900_001, None));
        assert!(!note(&sightings, GatewayOutcome::InvalidKey, 1_999_999, None));
        assert!(note(&sightings, GatewayOutcome::Allowed, 2_000_000, Some("k")));
        for outcome in GatewayOutcome::ALL {
            assert!(
                note(&sightings, *outcome, 3_000_000, None) && !note(&sightings, *outcome, 3_000_001, None)
            );
        }
    }

    #[test]
    fn the_first_that_a_key_let_pass_is_noted_once() {
        let sightings = Sightings::default();
        note(&sightings, GatewayOutcome::NoKey, 1, None);
        note(&sightings, GatewayOutcome::Allowed, 2, None);
        assert_eq!(sightings.take()[0].first, None);
        note(&sightings, GatewayOutcome::Allowed, 1_000_000, Some("k"));
        note(&sightings, GatewayOutcome::Allowed, 2_000_000, Some("l"));
        let taken = sightings.take();
        let seconds = |seen: &Option<Seen>| seen.as_ref().map(|seen| seen.at.seconds());
        assert_eq!((seconds(&taken[0].first), seconds(&taken[0].last)), (Some(1), Some(2)));
        assert!(sightings.take().is_empty());
        note(&sightings, GatewayOutcome::Allowed, 3_000_000, Some("k"));
        sightings.put_back(taken);
        let taken = sightings.take();
        assert_eq!((seconds(&taken[0].first), seconds(&taken[0].last)), (Some(1), Some(3)));
    }
}
