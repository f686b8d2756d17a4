//! Counts in memory since the last write.
//!
//! Noting is a short step under one of several locks, and never waits for the database: it may stand on the path of every
//! verification.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::usage::{Outcome, day_of, hour_of};
use store::usage::{Count, EndpointCount};

/// Parts of the memory, each with its lock, so that those who note rarely meet.
const SHARDS: usize = 16;
/// Keys remembered in each part. Only when the database is away for long are there more; those are not counted then.
const KEYS_MAX: usize = 16_000;

/// What was noted since the last write.
#[derive(Default)]
pub(crate) struct Counter([Mutex<HashMap<KeyId, Noted>>; SHARDS]);

/// What was noted of one key.
pub(crate) struct Noted {
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
    /// Notes what came of showing a key.
    pub(crate) fn note(&self, key: &KeyId, organization: &OrganizationId, outcome: Outcome, at: Timestamp) {
        self.with(key, organization, |noted| noted.add_outcome(hour_of(at), outcome, 1));
    }

    /// Notes a request that a key made.
    pub(crate) fn note_request(
        &self,
        key: &KeyId,
        organization: &OrganizationId,
        (method, path): (&'static str, &'static str),
        at: Timestamp,
        is_error: bool,
    ) {
        let endpoint = Endpoint { day: day_of(at), method, path, requests: 1, errors: u64::from(is_error) };
        self.with(key, organization, |noted| noted.add_endpoint(endpoint));
    }

    /// Takes all that was noted.
    pub(crate) fn take(&self) -> Vec<(KeyId, Noted)> {
        let mut all = Vec::new();
        for shard in &self.0 {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            all.extend(shard.drain());
            // What a busy second needed is not kept for ever.
            shard.shrink_to(1024);
        }
        all
    }

    /// Puts back what could not be written.
    pub(crate) fn put_back(&self, unwritten: impl IntoIterator<Item = (KeyId, Noted)>) {
        for (key, Noted { organization_id, outcomes, endpoints }) in unwritten {
            self.with(&key, &organization_id, |noted| {
                for (hour, outcome, n) in outcomes {
                    noted.add_outcome(hour, outcome, n);
                }
                for endpoint in endpoints {
                    noted.add_endpoint(endpoint);
                }
            });
        }
    }

    fn with(&self, key: &KeyId, organization: &OrganizationId, note: impl FnOnce(&mut Noted)) {
        // The last character of an id is random.
        let shard = usize::from(key.as_str().bytes().last().unwrap_or_default()) % SHARDS;
        let Some(shard) = self.0.get(shard) else { return };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(noted) = shard.get_mut(key) {
            note(noted);
        } else if shard.len() < KEYS_MAX {
            let organization_id = organization.clone();
            let mut noted = Noted { organization_id, outcomes: Vec::new(), endpoints: Vec::new() };
            note(&mut noted);
            shard.insert(key.clone(), noted);
        }
    }
}

impl Noted {
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

    /// The rows to add.
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
        for (key, noted) in &all {
            noted.rows(key, &mut counts, &mut endpoints);
        }
        counter.put_back(all);
        (counts, endpoints)
    }

    #[test]
    fn what_is_noted_is_added_up_by_hour_and_day() {
        let counter = Counter::default();
        let (key, organization) = (KeyId::from_random("a"), OrganizationId::from_random("o"));
        let at = Timestamp::from_seconds(1_795_336_200);
        for (later, outcome) in
            [(0, Outcome::Valid), (1, Outcome::Valid), (2, Outcome::Revoked), (3600, Outcome::Valid)]
        {
            counter.note(&key, &organization, outcome, at.plus_seconds(later));
        }
        for (path, is_error) in [("/a", false), ("/a", true), ("/b", false)] {
            counter.note_request(&key, &organization, ("GET", path), at, is_error);
        }
        let (counts, endpoints) = rows(&counter);
        assert_eq!(counts.iter().map(|count| count.n).collect::<Vec<_>>(), [2, 1, 1]);
        let endpoints: Vec<_> = endpoints.iter().map(|row| (row.path, row.requests, row.errors)).collect();
        assert_eq!(endpoints, [("/a", 2, 1), ("/b", 1, 0)]);
    }

    #[test]
    fn what_was_put_back_is_there_with_what_came_meanwhile() {
        let counter = Counter::default();
        let (key, organization) = (KeyId::from_random("a"), OrganizationId::from_random("o"));
        let note = || counter.note(&key, &organization, Outcome::Valid, Timestamp::from_seconds(0));
        note();
        let taken = counter.take();
        note();
        counter.put_back(taken);
        assert_eq!(rows(&counter).0.iter().map(|count| count.n).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn memory_does_not_grow_with_the_number_of_keys() {
        let counter = Counter::default();
        let organization = OrganizationId::from_random("o");
        for n in 0..SHARDS * KEYS_MAX + 10_000 {
            let key = KeyId::from_random(&format!("{n}a"));
            counter.note(&key, &organization, Outcome::Valid, Timestamp::from_seconds(0));
        }
        assert_eq!(counter.take().len(), KEYS_MAX);
    }
}
