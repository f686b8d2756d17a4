//! A secret as it lies in the directory, in as little room as possible.

use std::sync::Arc;

use model::Timestamp;

use super::dirty::Dirty;
use super::{Digest, Owner};
use crate::rate::Slot;
use crate::verify::pending::Pending;

/// What is counted of a secret that is looked at.
#[derive(Debug)]
pub(crate) struct Listed<'a> {
    pub(crate) entry: &'a Entry,
    pub(super) place: u32,
    pub(super) dirty: &'a Dirty,
}

impl Listed<'_> {
    /// Adds uses; with none, only notes when it was used.
    pub(crate) fn add_uses(&self, n: u32, at: Timestamp) {
        if self.entry.pending.add(n, at) {
            self.dirty.mark(self.place);
        }
    }
}

/// Bytes of id and name that an entry has room for: with them it fills two lines of the processor's cache, which come
/// together. A longer text lies elsewhere, and costs one more way to memory.
pub(super) const NEAR_TEXT: usize = 48;

/// A secret.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Entry {
    pub(super) digest: Digest,
    /// Nothing when it is stale.
    pub(super) known: Option<Known>,
    /// Where its rate limit is counted.
    pub(crate) rate: Slot,
    /// Its uses that are not written yet.
    pub(crate) pending: Pending,
    /// Its id and name, unless they are too long.
    pub(super) near_text: [u8; NEAR_TEXT],
}

/// There may be a million of them.
const _: () = assert!(size_of::<Entry>() == 128);

/// What is known of a secret.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) owner: Arc<Owner>,
    /// Microseconds; the largest number for never.
    pub(super) expires_at: i64,
    /// 0 for none of its own.
    pub(super) limit: u32,
    /// Where its id and name lie, if they are too long for the entry.
    pub(super) text_at: u32,
    pub(super) id_length: u8,
    pub(super) name_length: u16,
    pub(super) permissions: u8,
    pub(super) state: State,
}

/// What is so or not of a secret, a bit each.
#[derive(Debug, Clone, Copy)]
pub(super) struct State(u8);

impl State {
    pub(super) const DISABLED: u8 = 1;
    pub(super) const REVOKED: u8 = 2;
    /// It is an earlier secret of its key.
    pub(super) const EARLIER: u8 = 4;
    pub(super) const SCOPED: u8 = 8;
    /// Its key has expired for good.
    pub(super) const ENDED: u8 = 16;

    /// The bits of what is so.
    pub(super) fn of(all: [(bool, u8); 5]) -> Self {
        Self(all.into_iter().fold(0, |bits, (is, bit)| if is { bits | bit } else { bits }))
    }

    pub(super) fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }
}

impl Entry {
    /// A stale one.
    pub(super) fn of(digest: Digest) -> Self {
        let (rate, pending) = (Slot::default(), Pending::default());
        Self { digest, known: None, rate, pending, near_text: [0; NEAR_TEXT] }
    }
}

impl Known {
    /// Bytes of its id and name.
    pub(super) fn text_length(&self) -> usize {
        usize::from(self.id_length) + usize::from(self.name_length)
    }

    /// Bytes of them that lie outside the entry.
    pub(super) fn far_length(&self) -> usize {
        Some(self.text_length()).filter(|length| *length > NEAR_TEXT).unwrap_or(0)
    }
}
