//! Usage counts in memory since the last write.

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::usage::{Outcome, day_of, hour_of};
use store::Tx;
use store::usage::{Count, EndpointCount};

use crate::counts::Queue;
use crate::error::Result;
use crate::write_behind::{Collected, Collector, WriteBehind};

/// Maximum number of keys. It is reached only if the database is unavailable for long; further keys are not counted.
const KEYS_MAX: usize = 256_000;

/// All counts since the last write.
pub(crate) struct Counter(Collector<KeyId, CountedUse>);

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

impl Default for Counter {
    fn default() -> Self {
        Self(Collector::new(KEYS_MAX))
    }
}

impl Counter {
    /// Counts the outcome of presenting a key.
    pub(crate) fn record(&self, key: &KeyId, organization: &OrganizationId, outcome: Outcome, at: Timestamp) {
        let new = || CountedUse::new(organization);
        self.0.record(key, new, |counted| counted.add_outcome(hour_of(at), outcome, 1));
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
        self.0.record(key, || CountedUse::new(organization), |counted| counted.add_endpoint(endpoint));
    }

    /// Number of keys with counts to be written.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn lost_count(&self) -> u64 {
        self.0.lost_count()
    }
}

impl WriteBehind for Counter {
    type Item = (KeyId, CountedUse);

    const QUEUE: Queue = Queue::UsageCounts;

    fn take(&self, most: usize) -> Vec<Self::Item> {
        self.0.take(most)
    }

    fn put_back(&self, unwritten: Vec<Self::Item>) {
        self.0.put_back(unwritten);
    }

    async fn write(&self, tx: &mut Tx, batch: &[Self::Item]) -> Result<()> {
        let (mut counts, mut endpoints) = (Vec::new(), Vec::new());
        for (key, counted) in batch {
            counted.rows(key, &mut counts, &mut endpoints);
        }
        Ok(store::usage::add(tx, &counts, &endpoints).await?)
    }
}

impl Collected for CountedUse {
    fn add_earlier(&mut self, CountedUse { organization_id: _, outcomes, endpoints }: Self) {
        for (hour, outcome, n) in outcomes {
            self.add_outcome(hour, outcome, n);
        }
        for endpoint in endpoints {
            self.add_endpoint(endpoint);
        }
    }
}

impl CountedUse {
    fn new(organization: &OrganizationId) -> Self {
        Self { organization_id: organization.clone(), outcomes: Vec::new(), endpoints: Vec::new() }
    }

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
    fn rows(&self, key: &KeyId, counts: &mut Vec<Count>, endpoints: &mut Vec<EndpointCount>) {
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
        let all = counter.take(usize::MAX);
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
        let taken = counter.take(usize::MAX);
        record();
        counter.put_back(taken);
        assert_eq!(rows(&counter).0.iter().map(|count| count.n).collect::<Vec<_>>(), [2]);
    }
}
