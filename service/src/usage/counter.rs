//! Usage counts in memory since the last write.
//!
//! Recording takes one of several locks for a short time and never waits for the database, because it may be part of
//! every verification.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::usage::{Outcome, day_of, hour_of};
use store::usage::{Count, EndpointCount};

/// Number of parts of the memory, each with its own lock, so that threads rarely wait for each other.
const SHARDS: usize = 16;
/// Maximum number of keys in each part. It is reached only if the database is unavailable for long; further keys are
/// not counted.
const KEYS_MAX: usize = 16_000;

/// All counts since the last write.
#[derive(Default)]
pub(crate) struct Counter([Mutex<HashMap<KeyId, CountedUse>>; SHARDS]);

/// The counts of one key since the last write.
pub(crate) struct CountedUse {
    organization_id: OrganizationId,
    outcomes: Vec<(Timestamp, Outcome, u64)>,
    endpoints: Vec<Endpoint>,
}

struct Endpoint {
    day: Timestamp,
    method: &'static str,
    path: &'static str,
    requests: u64,
    errors: u64,
}

impl Counter {
    /// Counts the outcome of presenting a key.
    pub(crate) fn record(&self, key: &KeyId, organization: &OrganizationId, outcome: Outcome, at: Timestamp) {
        self.with(key, organization, |recorded| recorded.add_outcome(hour_of(at), outcome, 1));
    }

    /// Counts a request that a key made.
    pub(crate) fn record_request(
        &self,
        key: &KeyId,
        organization: &OrganizationId,
        (method, path): (&'static str, &'static str),
        at: Timestamp,
        is_error: bool,
    ) {
        let endpoint = Endpoint { day: day_of(at), method, path, requests: 1, errors: u64::from(is_error) };
        self.with(key, organization, |recorded| recorded.add_endpoint(endpoint));
    }

    /// Takes all counts.
    pub(crate) fn take(&self) -> Vec<(KeyId, CountedUse)> {
        let mut all = Vec::new();
        for shard in &self.0 {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            all.extend(shard.drain());
            // Memory that was needed in a busy second is given back.
            shard.shrink_to(1024);
        }
        all
    }

    /// Puts back counts that could not be written.
    pub(crate) fn put_back(&self, unwritten: impl IntoIterator<Item = (KeyId, CountedUse)>) {
        for (key, CountedUse { organization_id, outcomes, endpoints }) in unwritten {
            self.with(&key, &organization_id, |recorded| {
                for (hour, outcome, n) in outcomes {
                    recorded.add_outcome(hour, outcome, n);
                }
                for endpoint in endpoints {
                    recorded.add_endpoint(endpoint);
                }
            });
        }
    }

    fn with(&self, key: &KeyId, organization: &OrganizationId, record: impl FnOnce(&mut CountedUse)) {
        // The last character of an id is random.
        let shard = usize::from(key.as_str().bytes().last().unwrap_or_default()) % SHARDS;
        let Some(shard) = self.0.get(shard) else { return };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(recorded) = shard.get_mut(key) {
            record(recorded);
        } else if shard.len() < KEYS_MAX {
            let organization_id = organization.clone();
            let mut recorded = CountedUse { organization_id, outcomes: Vec::new(), endpoints: Vec::new() };
            record(&mut recorded);
            shard.insert(key.clone(), recorded);
        }
    }
}

impl CountedUse {
    fn add_outcome(&mut self, hour: Timestamp, outcome: Outcome, n: u64) {
        match self.outcomes.iter_mut().find(|(known, kind, _)| (*known, *kind) == (hour, outcome)) {
            Some((.., count)) => *count = count.saturating_add(n),
            None => self.outcomes.push((hour, outcome, n)),
        }
    }

    fn add_endpoint(&mut self, new: Endpoint) {
        let is_same =
            |known: &Endpoint| (known.day, known.method, known.path) == (new.day, new.method, new.path);
        match self.endpoints.iter_mut().find(|known| is_same(known)) {
            Some(known) => {
                known.requests = known.requests.saturating_add(new.requests);
                known.errors = known.errors.saturating_add(new.errors);
            }
            None => self.endpoints.push(new),
        }
    }

    /// Appends the rows of this key to `counts` and `endpoints`.
    pub(crate) fn rows(&self, key: &KeyId, counts: &mut Vec<Count>, endpoints: &mut Vec<EndpointCount>) {
        counts.extend(self.outcomes.iter().map(|(hour, outcome, n)| Count {
            key_id: key.clone(),
            organization_id: self.organization_id.clone(),
            hour: *hour,
            outcome: *outcome,
            n: *n,
        }));
        endpoints.extend(self.endpoints.iter().map(|endpoint| {
            let Endpoint { day, method, path, requests, errors } = *endpoint;
            EndpointCount { key_id: key.clone(), day, method, path, requests, errors }
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(counter: &Counter) -> (Vec<Count>, Vec<EndpointCount>) {
        let (mut counts, mut endpoints) = (Vec::new(), Vec::new());
        let all = counter.take();
        for (key, recorded) in &all {
            recorded.rows(key, &mut counts, &mut endpoints);
        }
        counter.put_back(all);
        (counts, endpoints)
    }

    #[test]
    fn uses_are_added_up_by_hour_and_day() {
        let counter = Counter::default();
        let (key, organization) = (KeyId::from_random("a"), OrganizationId::from_random("o"));
        let at = Timestamp::from_seconds(1_795_336_200);
        for (later, outcome) in
            [(0, Outcome::Valid), (1, Outcome::Valid), (2, Outcome::Revoked), (3600, Outcome::Valid)]
        {
            counter.record(&key, &organization, outcome, at.plus_seconds(later));
        }
        for (path, is_error) in [("/a", false), ("/a", true), ("/b", false)] {
            counter.record_request(&key, &organization, ("GET", path), at, is_error);
        }
        let (counts, endpoints) = rows(&counter);
        assert_eq!(counts.iter().map(|count| count.n).collect::<Vec<_>>(), [2, 1, 1]);
        let endpoints: Vec<_> = endpoints.iter().map(|row| (row.path, row.requests, row.errors)).collect();
        assert_eq!(endpoints, [("/a", 2, 1), ("/b", 1, 0)]);
    }

    #[test]
    fn counts_that_were_put_back_are_added_to_new_ones() {
        let counter = Counter::default();
        let (key, organization) = (KeyId::from_random("a"), OrganizationId::from_random("o"));
        let record = || counter.record(&key, &organization, Outcome::Valid, Timestamp::from_seconds(0));
        record();
        let taken = counter.take();
        record();
        counter.put_back(taken);
        assert_eq!(rows(&counter).0.iter().map(|count| count.n).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn memory_does_not_grow_with_the_number_of_keys() {
        let counter = Counter::default();
        let organization = OrganizationId::from_random("o");
        for n in 0..SHARDS * KEYS_MAX + 10_000 {
            let key = KeyId::from_random(&format!("{n}a"));
            counter.record(&key, &organization, Outcome::Valid, Timestamp::from_seconds(0));
        }
        assert_eq!(counter.take().len(), KEYS_MAX);
    }
}
