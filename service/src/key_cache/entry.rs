//! An entry of the key cache, which takes as little memory as possible.

use std::sync::Arc;

use model::Timestamp;

use super::dirty::Dirty;
use super::pending::Pending;
use super::{Digest, Owner};

/// The counters of a secret in the cache.
#[derive(Debug)]
pub struct Listed<'a, C> {
    pub entry: &'a Entry<C>,
    pub(super) place: u32,
    pub(super) dirty: &'a Dirty,
}

impl<C> Listed<'_, C> {
    /// Adds uses. If `n` is 0, only the time of use is recorded.
    pub fn add_uses(&self, n: u32, at: Timestamp) {
        if self.entry.pending.add(n, at) {
            self.dirty.mark(self.place);
        }
    }
}

/// Bytes for id, name and environment inside an entry. With them an entry fills two cache lines of the processor, which
/// are loaded together. A longer text is stored elsewhere and costs one more memory access.
pub(super) const NEAR_TEXT: usize = 48;

/// A secret in the cache. Its counters stay when it becomes stale.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct Entry<C> {
    pub(super) digest: Digest,
    /// `None` until it is read. A stale entry keeps what was known, because its uses are written with the key id and
    /// the organization, which never change.
    pub(super) known: Option<Known>,
    /// The counter whose type the user of the cache chooses.
    pub counter: C,
    /// Its uses that are not written yet.
    pub pending: Pending,
    /// Its id, name and environment, unless they are too long.
    pub(super) near_text: [u8; NEAR_TEXT],
}

/// There may be millions of entries.
const _: () = assert!(size_of::<Entry<u64>>() == 128);

/// What a verdict on the secret needs.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) owner: Arc<Owner>,
    /// Microseconds. The maximum stands for never.
    pub(super) expires_at: i64,
    /// 0 if the key has no limit of its own.
    pub(super) limit: u32,
    /// The position of its id, name and environment if they are too long for the entry.
    pub(super) text_at: u32,
    pub(super) id_length: u8,
    pub(super) name_length: u16,
    /// 0 for the environment `live`, which most keys have.
    pub(super) environment_length: u8,
    pub(super) permissions: u8,
    pub(super) state: State,
}

/// Flags of a secret, one bit each.
#[derive(Debug, Clone, Copy)]
pub(super) struct State(u8);

impl State {
    pub(super) const DISABLED: u8 = 1;
    pub(super) const REVOKED: u8 = 2;
    /// This is an earlier secret of its key.
    pub(super) const EARLIER: u8 = 4;
    pub(super) const SCOPED: u8 = 8;
    /// Its key has expired for good.
    pub(super) const ENDED: u8 = 16;
    pub(super) const HAS_METADATA: u8 = 32;
    /// The secret has changed since it was read. Scopes, metadata and the link to the current secret are gone.
    pub(super) const STALE: u8 = 64;

    /// Combines the bits whose condition is true.
    pub(super) fn of(all: [(bool, u8); 6]) -> Self {
        Self(all.into_iter().fold(0, |bits, (is, bit)| if is { bits | bit } else { bits }))
    }

    pub(super) fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    pub(super) fn add(&mut self, bit: u8) {
        self.0 |= bit;
    }
}

impl<C: Default> Entry<C> {
    /// Creates a stale entry.
    pub(super) fn of(digest: Digest) -> Self {
        let (counter, pending) = (C::default(), Pending::default());
        Self { digest, known: None, counter, pending, near_text: [0; NEAR_TEXT] }
    }
}

impl Known {
    /// Length of its id, name and environment in bytes.
    pub(super) fn text_length(&self) -> usize {
        usize::from(self.id_length) + usize::from(self.name_length) + usize::from(self.environment_length)
    }

    /// Length of its id, name and environment if they are stored outside the entry, otherwise 0.
    pub(super) fn far_length(&self) -> usize {
        Some(self.text_length()).filter(|length| *length > NEAR_TEXT).unwrap_or(0)
    }
}
