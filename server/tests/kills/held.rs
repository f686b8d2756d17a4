//! A key as its caller knows it from what was acknowledged.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

/// How far a grace period may be off.
const TOLERANCE: Duration = Duration::from_secs(1);

/// A key that lives.
pub struct Held {
    pub key_id: String,
    pub name: String,
    pub description: String,
    /// What was handed out last. Nothing while the answer that held it was cut.
    pub secret: Option<String>,
    /// Secrets in their grace period.
    pub earlier: Vec<Earlier>,
}

/// A secret that was replaced and stays valid for a time.
pub struct Earlier {
    pub secret: String,
    /// The end of the grace period, if it began when it was asked for.
    first_end: Instant,
    /// The same, if it began when its answer was there.
    last_end: Instant,
}

/// Changes to one key, as the audit log should have them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct History {
    pub created: u32,
    pub updated: u32,
    pub rotated: u32,
    pub revoked: u32,
}

impl Held {
    pub fn new(key_id: &str, name: &str, secret: Option<String>) -> Self {
        Self {
            key_id: key_id.to_owned(),
            name: name.to_owned(),
            description: String::new(),
            secret,
            earlier: Vec::new(),
        }
    }

    /// From the answer to a creation.
    pub fn created(answer: &Value) -> Self {
        let text = |member: &str| answer[member].as_str().unwrap();
        Self::new(text("key_id"), text("name"), Some(text("key").to_owned()))
    }

    /// Takes a new secret, and gives those that ended by it.
    pub fn rotated(&mut self, new: Option<String>, grace: Duration, asked: Instant) -> Vec<String> {
        let old = std::mem::replace(&mut self.secret, new);
        if grace.is_zero() {
            return self.earlier.drain(..).map(|earlier| earlier.secret).chain(old).collect();
        }
        let (first_end, last_end) = (asked + grace, Instant::now() + grace);
        self.earlier.extend(old.map(|secret| Earlier { secret, first_end, last_end }));
        Vec::new()
    }

    /// Every secret that could work.
    pub fn into_secrets(self) -> Vec<String> {
        self.earlier.into_iter().map(|earlier| earlier.secret).chain(self.secret).collect()
    }
}

impl Earlier {
    /// Whether it must work; nothing when that is a matter of a second.
    pub fn is_valid(&self, now: Instant) -> Option<bool> {
        if now + TOLERANCE < self.first_end {
            Some(true)
        } else {
            (now > self.last_end + TOLERANCE).then_some(false)
        }
    }
}
