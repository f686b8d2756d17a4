//! The keys that clients ask about, and what is known about each.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::Instant;

use crate::binary::{Answer, Rest};

/// The number of keys that are never revoked.
const LIVING: usize = 8;

pub struct Keys {
    keys: Mutex<Vec<Key>>,
    /// The key that is about to be revoked, or was revoked last.
    current: AtomicUsize,
}

#[derive(Clone)]
pub struct Key {
    pub name: String,
    pub secret: String,
    /// When its revocation was sent for the first time.
    pub ending: Option<Instant>,
    /// When its revocation was acknowledged.
    pub ended: Option<Instant>,
}

impl Keys {
    /// Creates the keys that live, and as many that can be revoked.
    pub async fn create(rest: &Rest, to_revoke: usize) -> Self {
        let mut keys = Vec::new();
        for number in 0..LIVING + to_revoke {
            let name = format!("key {number}");
            let Answer::Done(made) = rest.create(&name).await else { panic!("no key") };
            let secret = made["key"].as_str().unwrap().to_owned();
            keys.push(Key { name, secret, ending: None, ended: None });
        }
        Self { keys: Mutex::new(keys), current: AtomicUsize::new(LIVING) }
    }

    /// Keys of which only the secrets are known, and which nobody revokes.
    pub fn known(secrets: impl Iterator<Item = String>) -> Self {
        let key = |secret| Key { name: String::new(), secret, ending: None, ended: None };
        let keys: Vec<_> = secrets.map(key).collect();
        Self { current: AtomicUsize::new(keys.len() - 1), keys: Mutex::new(keys) }
    }

    /// Chooses a key to ask about: half of the time the current one, otherwise any.
    pub fn choose(&self, round: usize) -> (usize, String) {
        let keys = self.keys.lock().unwrap();
        let current = self.current.load(Ordering::SeqCst);
        let chosen = if round.is_multiple_of(2) { current } else { (round / 2) % (current + 1) };
        (chosen, keys[chosen].secret.clone())
    }

    pub fn set_current(&self, key: usize) {
        self.current.store(key, Ordering::SeqCst);
    }

    /// The numbers of the keys that can be revoked.
    pub fn to_revoke(&self) -> std::ops::Range<usize> {
        LIVING..self.keys.lock().unwrap().len()
    }

    /// Sends the revocation of a key once. Returns whether it was acknowledged.
    pub async fn revoke(&self, key: usize, rest: &Rest) -> bool {
        let (name, is_repeated) = {
            let key = &mut self.keys.lock().unwrap()[key];
            let is_repeated = key.ending.is_some();
            key.ending.get_or_insert_with(Instant::now);
            (key.name.clone(), is_repeated)
        };
        let is_done = match rest.revoke(&name).await {
            Answer::Done(_) => true,
            // The first request has revoked it, and its response was lost.
            Answer::Refused(404) if is_repeated => true,
            Answer::Refused(502..=504) | Answer::Cut => false,
            Answer::Refused(status) => panic!("{name}: {status}"),
        };
        if is_done {
            self.keys.lock().unwrap()[key].ended = Some(Instant::now());
        }
        is_done
    }

    pub fn all(&self) -> Vec<Key> {
        self.keys.lock().unwrap().clone()
    }
}
