//! Checks what must be true after each start.

use tokio::time::Instant;

use crate::binary::{Dice, Rest};
use crate::caller::Caller;
use crate::database::hash;
use crate::resolve::Listed;

/// Number of dead secrets checked in earlier rounds that are tried again after each start. At the end, all are tried.
const SAMPLE: usize = 25;

impl Caller {
    /// Compares everything that this caller knows with the server: its records, the secrets that work, and those that
    /// do not.
    pub async fn verify(mut self, rest: Rest, listed: Listed, all: bool) -> Self {
        self.retire();
        for held in &self.live {
            let record = listed.get(&held.key_id).unwrap_or_else(|| panic!("{} was lost", held.name));
            assert_eq!(record["name"], held.name.as_str());
            assert_eq!(record["description"], held.description.as_str(), "{}", held.name);
            if let Some(secret) = &held.secret {
                assert_eq!(
                    record["key_hash"],
                    hash(secret).as_str(),
                    "{}: the record is of another secret",
                    held.name
                );
                assert!(rest.accepts(secret).await, "{}: its secret was lost", held.name);
            }
            for earlier in &held.earlier {
                let accepted = rest.accepts(&earlier.secret).await;
                if let Some(expected) = earlier.is_valid(Instant::now()) {
                    assert_eq!(accepted, expected, "{}: a secret in its grace period", held.name);
                }
            }
        }
        let from = if all { 0 } else { self.dead_seen };
        let mut tried: Vec<usize> = (from..self.dead.len()).collect();
        let mut dice = Dice::seeded(self.dead.len() as u64);
        tried.extend((0..SAMPLE.min(from)).map(|_| dice.below(from)));
        for place in tried {
            assert!(
                !rest.accepts(&self.dead[place]).await,
                "a dead secret of caller {} is back",
                self.number
            );
        }
        self.dead_seen = self.dead.len();
        self
    }

    /// Moves secrets whose grace period has passed to the dead ones.
    fn retire(&mut self) {
        let now = Instant::now();
        for held in &mut self.live {
            let ended = held.earlier.extract_if(.., |earlier| earlier.is_valid(now) == Some(false));
            self.dead.extend(ended.map(|earlier| earlier.secret));
        }
    }
}
