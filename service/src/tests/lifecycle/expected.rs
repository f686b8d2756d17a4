//! The model: the state that all keys of a lifecycle should have.

use model::id::KeyId;
use model::key::PlainKey;
use model::user::User;

use super::NAMES;
use super::key::Key;
use super::other_process::{Node, OtherMembership};
use crate::testing::{Org, TestBed};
use crate::{Error, KeyRef, Owner, Result};

/// The keys, and all secrets that have ended.
pub(super) struct Lifecycle<'a> {
    pub bed: &'a TestBed,
    pub org: &'a Org,
    pub owner: User,
    pub keys: [Option<Key>; NAMES],
    pub dead: Vec<PlainKey>,
    pub node: &'a mut Node,
    pub elsewhere: OtherMembership<'a>,
    pub saved: Option<Saved>,
}

/// The model at the time of a backup.
pub(super) struct Saved {
    keys: [Option<Key>; NAMES],
    elsewhere: PlainKey,
}

impl Lifecycle<'_> {
    pub(super) fn owner(&self) -> Owner {
        Owner::Id(self.owner.user_id.clone())
    }

    pub(super) fn key_ref(&self, name: usize) -> KeyRef {
        KeyRef::Named { owner: self.owner(), name: name.to_string() }
    }

    pub(super) async fn save(&mut self) {
        if !self.bed.is_sqlite() {
            return;
        }
        self.bed.database.save_tables().await;
        self.saved = Some(Saved { keys: self.keys.clone(), elsewhere: self.elsewhere.secret.clone() });
    }

    /// Goes back to the backup. Secrets that were created since are unknown, and those that were replaced since work
    /// again.
    pub(super) async fn restore(&mut self) {
        let Some(Saved { keys, elsewhere }) = &self.saved else { return };
        // This process reads the changes several times a second, so it has read its own by the time of a restore.
        self.bed.read_invalidations().await;
        self.bed.database.restore_tables().await;
        self.bed.warm().await;
        let before = std::mem::replace(&mut self.keys, keys.clone());
        let known = std::mem::take(&mut self.dead).into_iter();
        let known = known.chain(before.into_iter().flatten().flat_map(Key::into_secrets));
        let known = known.chain([std::mem::replace(&mut self.elsewhere.secret, elsewhere.clone())]);
        let alive: Vec<_> = self.keys.clone().into_iter().flatten().flat_map(Key::into_secrets).collect();
        let is_alive = |secret: &PlainKey| {
            alive.iter().chain([&self.elsewhere.secret]).any(|alive| alive.reveal() == secret.reveal())
        };
        self.dead = known.filter(|secret| !is_alive(secret)).collect();
    }

    /// The key of this name, if it is active.
    pub(super) fn active(&mut self, name: usize) -> Option<&mut Key> {
        let now = self.bed.clock.now();
        self.keys[name].as_mut().filter(|key| key.is_active(now))
    }

    pub(super) fn id(&mut self, name: usize) -> KeyId {
        self.keys[name].as_ref().map_or_else(|| KeyId::from_random("none"), |key| key.id.clone())
    }

    /// Updates the model after a key was changed.
    pub(super) fn touch(&mut self, name: usize) {
        let now = self.bed.clock.now();
        self.dead.extend(self.keys[name].as_mut().map(|key| key.take_ended(now)).unwrap_or_default());
    }

    pub(super) fn end(&mut self, name: usize) {
        self.dead.extend(self.keys[name].take().into_iter().flat_map(Key::into_secrets));
    }

    pub(super) fn expect_switched<T: std::fmt::Debug>(&mut self, name: usize, done: &Result<T>, off: bool) {
        if self.expect(name, done) && self.active(name).unwrap().is_disabled != off {
            self.active(name).unwrap().is_disabled = off;
            self.touch(name);
        }
    }

    /// Changing the end of earlier secrets must succeed exactly if any of them has not ended.
    pub(super) fn expect_grace(&mut self, name: usize, done: &Result<()>) -> bool {
        let now = self.bed.clock.now();
        let is_there =
            self.active(name).is_some_and(|key| key.grace_periods.iter().any(|(_, end)| now < *end));
        assert_eq!(done.is_ok(), is_there, "{done:?}");
        is_there
    }

    /// A change must succeed exactly if there is an active key of this name.
    pub(super) fn expect<T: std::fmt::Debug>(&mut self, name: usize, done: &Result<T>) -> bool {
        let is_there = self.active(name).is_some();
        assert_eq!(done.is_ok(), is_there, "{done:?}");
        assert!(is_there || matches!(done, Err(Error::NotFound(_))), "{done:?}");
        is_there
    }
}
