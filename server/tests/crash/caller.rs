//! A client that changes keys while the server is killed. Each caller changes only its own keys, one change at a time,
//! so that it knows exactly what must be stored. In addition, all callers create keys under the same few names.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::binary::{Answer, Dice, Rest};
use crate::held::{ActiveKey, History};

/// Maximum number of keys that a caller has at a time.
const KEYS_MAX: usize = 6;
/// Number of names that all callers use.
const SHARED_NAMES: usize = 12;

/// A caller with everything that it knows of its keys.
pub struct Caller {
    pub number: usize,
    pub live: Vec<ActiveKey>,
    /// Secrets that must never work again, the oldest first.
    pub dead: Vec<String>,
    /// How many of the dead secrets were already checked to be refused.
    pub dead_seen: usize,
    /// What was done to each key, including those that were revoked.
    pub histories: BTreeMap<String, History>,
    /// The change whose answer did not arrive.
    pub cut: Option<Change>,
    pub acknowledged: u32,
    dice: Dice,
    made: u32,
}

#[derive(Debug, Clone)]
pub enum Change {
    Create { name: String },
    Describe { key_id: String, name: String, description: String },
    Rotate { key_id: String, name: String, grace: Duration, asked: Instant },
    Revoke { key_id: String, name: String },
}

impl Caller {
    pub fn new(number: usize) -> Self {
        Self {
            number,
            live: Vec::new(),
            dead: Vec::new(),
            dead_seen: 0,
            histories: BTreeMap::new(),
            cut: None,
            acknowledged: 0,
            dice: Dice::seeded(number as u64 + 1),
            made: 0,
        }
    }

    /// Changes keys until an answer is cut or `stop` is set.
    pub async fn work(mut self, rest: Rest, stop: Arc<AtomicBool>) -> Self {
        while self.cut.is_none() && !stop.load(Ordering::Relaxed) {
            let change = self.choose();
            let answer = change.ask(&rest).await;
            self.record(change, answer);
        }
        self
    }

    fn choose(&mut self) -> Change {
        let (create, shared, what) = (self.dice.below(4), self.dice.below(4), self.dice.below(10));
        if self.live.len() < 2 || (create == 0 && self.live.len() < KEYS_MAX) {
            self.made += 1;
            let shared_name = format!("shared-{}", self.dice.below(SHARED_NAMES));
            let own_name = format!("c{}-{}", self.number, self.made);
            return Change::Create { name: if shared == 0 { shared_name } else { own_name } };
        }
        let held = &self.live[self.dice.below(self.live.len())];
        let (key_id, name, asked) = (held.key_id.clone(), held.name.clone(), Instant::now());
        self.made += 1;
        match what {
            0..=2 => Change::Rotate { key_id, name, grace: Duration::ZERO, asked },
            3 => Change::Rotate { key_id, name, grace: Duration::from_secs(1), asked },
            4 => Change::Rotate { key_id, name, grace: Duration::from_hours(24), asked },
            5..=7 => Change::Describe { key_id, name, description: format!("version {}", self.made) },
            _ => Change::Revoke { key_id, name },
        }
    }

    /// Records what an answer says about a change.
    pub fn record(&mut self, change: Change, answer: Answer) {
        match (change, answer) {
            (change, Answer::Cut) => self.cut = Some(change),
            // Another caller created a key of that name first.
            (Change::Create { name }, Answer::Refused(409)) if name.starts_with("shared-") => {}
            (change, Answer::Refused(status)) => panic!("{change:?} was refused with {status}"),
            (Change::Create { .. }, Answer::Done(body)) => self.add(ActiveKey::created(&body)),
            (change, Answer::Done(body)) => {
                let secret = body["key"].as_str().map(str::to_owned);
                self.apply(&change, secret);
            }
        }
    }

    /// Adds a key that this caller has created.
    pub fn add(&mut self, held: ActiveKey) {
        self.acknowledged += 1;
        self.histories.insert(held.key_id.clone(), History { created: 1, ..History::default() });
        self.live.push(held);
    }

    /// Applies a confirmed change to what the caller knows.
    pub fn apply(&mut self, change: &Change, secret: Option<String>) {
        self.acknowledged += 1;
        match change {
            Change::Create { .. } => {}
            Change::Describe { key_id, description, .. } => {
                self.history(key_id).updated += 1;
                self.held(key_id).description.clone_from(description);
            }
            Change::Rotate { key_id, grace, asked, .. } => {
                self.history(key_id).rotated += 1;
                let ended = self.held(key_id).rotated(secret, *grace, *asked);
                self.dead.extend(ended);
            }
            Change::Revoke { key_id, .. } => {
                self.history(key_id).revoked += 1;
                let place = self.live.iter().position(|held| held.key_id == *key_id).unwrap();
                self.dead.extend(self.live.swap_remove(place).into_secrets());
            }
        }
    }

    pub fn held(&mut self, key_id: &str) -> &mut ActiveKey {
        self.live.iter_mut().find(|held| held.key_id == key_id).unwrap()
    }

    fn history(&mut self, key_id: &str) -> &mut History {
        self.histories.get_mut(key_id).unwrap()
    }
}

impl Change {
    pub async fn ask(&self, rest: &Rest) -> Answer {
        match self {
            Self::Create { name } => rest.create(name).await,
            Self::Describe { name, description, .. } => rest.describe(name, description).await,
            Self::Rotate { name, grace, .. } => rest.rotate(name, grace.as_secs()).await,
            Self::Revoke { name, .. } => rest.revoke(name).await,
        }
    }
}
