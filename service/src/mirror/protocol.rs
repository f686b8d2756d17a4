//! The state of the protocol: the open read epochs, and how long the mirror is valid.

use std::sync::PoisonError;

use super::super::locks::{AtomicU64, Mutex, MutexGuard, Ordering};
use super::epochs::Epochs;
use super::{Change, Changed, ReadEpoch, Subject};

/// The protocol state of one mirror. The rows themselves are stored elsewhere.
pub struct Mirror<S> {
    epochs: Mutex<Epochs<S>>,
    /// The time up to which the mirror is valid, in milliseconds of the monotonic clock.
    valid_until: AtomicU64,
}

impl<S: Subject> Default for Mirror<S> {
    fn default() -> Self {
        Self { epochs: Mutex::new(Epochs::new()), valid_until: AtomicU64::new(0) }
    }
}

impl<S: Subject> Mirror<S> {
    /// Whether the mirror may be used at a moment of the monotonic clock.
    pub fn is_current(&self, millis: u64) -> bool {
        millis < self.valid_until.load(Ordering::Acquire)
    }

    /// Until when the mirror may be used. 0 if it may not be used yet.
    pub fn valid_until(&self) -> u64 {
        self.valid_until.load(Ordering::Acquire)
    }

    /// Sets until when the mirror may be used, after all changes up to now were applied.
    pub fn set_valid_until(&self, millis: u64) {
        self.valid_until.store(millis, Ordering::Release);
    }

    /// Opens a read epoch. Call this before reading from the database.
    pub fn begin_read(&self) -> ReadEpoch {
        self.epochs().open()
    }

    /// Closes a read epoch.
    pub fn end_read(&self, epoch: &ReadEpoch) {
        self.epochs().close(epoch);
    }

    /// Calls `store` with what has changed since the read epoch was opened. `store` stores what was read. A concurrent
    /// change is recorded after `store` has returned, and then invalidates what was stored.
    pub fn store<T>(&self, epoch: &ReadEpoch, store: impl FnOnce(&Changed<S>) -> T) -> T {
        let epochs = self.epochs();
        match epochs.changed(epoch) {
            Some(changed) => store(changed),
            None => store(&Changed::everything()),
        }
    }

    /// Applies changes: records them in the open read epochs, and calls `invalidate` with each of them. Once this has
    /// returned, no answer may use what they affect.
    pub fn apply(&self, changes: &[Change<S>], invalidate: impl FnMut(&Change<S>)) {
        // The epochs come first, because what is being read now may be from before the change.
        self.epochs().record(changes);
        changes.iter().for_each(invalidate);
    }

    fn epochs(&self) -> MutexGuard<'_, Epochs<S>> {
        self.epochs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes a read epoch when it is dropped, however the read ends.
pub struct CloseOnDrop<'a, S: Subject>(pub &'a Mirror<S>, pub &'a ReadEpoch);

impl<S: Subject> Drop for CloseOnDrop<'_, S> {
    fn drop(&mut self) {
        self.0.end_read(self.1);
    }
}
