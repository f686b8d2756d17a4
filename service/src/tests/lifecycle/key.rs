//! A key in the model.

use model::Timestamp;
use model::id::KeyId;
use model::key::PlainKey;

#[derive(Clone)]
pub(super) struct Key {
    pub id: KeyId,
    pub secret: PlainKey,
    pub grace_periods: Vec<(PlainKey, Timestamp)>,
    pub expires_at: Option<Timestamp>,
    pub is_disabled: bool,
}

impl Key {
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// Removes and returns the earlier secrets that have ended. After a change of the key, no clock brings them back.
    pub fn take_ended(&mut self, now: Timestamp) -> Vec<PlainKey> {
        let (ended, left) = self.grace_periods.drain(..).partition(|(_, end)| *end <= now);
        self.grace_periods = left;
        let ended: Vec<(PlainKey, Timestamp)> = ended;
        ended.into_iter().map(|(secret, _)| secret).collect()
    }

    pub fn into_secrets(self) -> impl Iterator<Item = PlainKey> {
        self.grace_periods.into_iter().map(|(secret, _)| secret).chain([self.secret])
    }
}
