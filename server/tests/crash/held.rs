//! A key as its caller knows it from confirmed changes.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

/// Tolerance for the end of a grace period.
const TOLERANCE: Duration = Duration::from_secs(1);

/// An active key.
pub struct ActiveKey {
    pub key_id: String,
    pub name: String,
    pub description: String,
    /// The current secret, or `None` if the answer that contained it was cut.
    pub secret: Option<String>,
    pub earlier: Vec<EarlierSecret>,
}

/// A secret that was replaced and is in its grace period.
pub struct EarlierSecret {
    pub secret: String,
    /// The end of the grace period if it began when the request was sent.
    first_end: Instant,
    /// The end of the grace period if it began when the answer arrived.
    last_end: Instant,
}

/// The number of changes to one key, as the audit log must have them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct History {
    pub created: u32,
    pub updated: u32,
    pub rotated: u32,
    pub revoked: u32,
}

impl ActiveKey {
    pub fn new(key_id: &str, name: &str, secret: Option<String>) -> Self {
        Self {
            key_id: key_id.to_owned(),
            name: name.to_owned(),
            description: String::new(),
            secret,
            earlier: Vec::new(),
        }
    }

    /// Reads the key from the answer to its creation.
    pub fn created(answer: &Value) -> Self {
        let text = |member: &str| answer[member].as_str().unwrap();
        Self::new(text("key_id"), text("name"), Some(text("key").to_owned()))
    }

    /// Records a rotation. Returns the secrets that it ended.
    pub fn rotated(&mut self, new: Option<String>, grace: Duration, asked: Instant) -> Vec<String> {
        let old = std::mem::replace(&mut self.secret, new);
        if grace.is_zero() {
            return self.earlier.drain(..).map(|earlier| earlier.secret).chain(old).collect();
        }
        let (first_end, last_end) = (asked + grace, Instant::now() + grace);
        self.earlier.extend(old.map(|secret| EarlierSecret { secret, first_end, last_end }));
        Vec::new()
    }

    /// All secrets that may still work.
    pub fn into_secrets(self) -> Vec<String> {
        self.earlier.into_iter().map(|earlier| earlier.secret).chain(self.secret).collect()
    }
}

impl EarlierSecret {
    /// Whether the secret must be valid, or `None` if the end of the grace period is too close to say.
    pub fn is_valid(&self, now: Instant) -> Option<bool> {
        if now + TOLERANCE < self.first_end {
            Some(true)
        } else {
            (now > self.last_end + TOLERANCE).then_some(false)
        }
    }
}
