//! A key of the model.

use model::Timestamp;
use model::id::KeyId;
use model::key::PlainKey;

/// A key as it should be.
pub(super) struct Key {
    pub id: KeyId,
    pub secret: PlainKey,
    pub graces: Vec<(PlainKey, Timestamp)>,
    pub expires_at: Option<Timestamp>,
    pub is_disabled: bool,
}

impl Key {
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// Takes away the earlier secrets that have ended: no clock brings them back once somebody has looked.
    pub fn take_ended(&mut self, now: Timestamp) -> Vec<PlainKey> {
        let (ended, left) = self.graces.drain(..).partition(|(_, end)| *end <= now);
        self.graces = left;
        let ended: Vec<(PlainKey, Timestamp)> = ended;
        ended.into_iter().map(|(secret, _)| secret).collect()
    }

    pub fn into_secrets(self) -> impl Iterator<Item = PlainKey> {
        self.graces.into_iter().map(|(secret, _)| secret).chain([self.secret])
    }
}
