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

/// A secret.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(super) digest: Digest,
    /// Nothing when it is stale.
    pub(super) known: Option<Known>,
    /// Where its rate limit is counted.
    pub(crate) rate: Slot,
    /// Its uses that are not written yet.
    pub(crate) pending: Pending,
}

/// There may be a million of them.
const _: () = assert!(size_of::<Entry>() <= 80);

/// What is known of a secret.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) owner: Arc<Owner>,
    /// Microseconds; the largest number for never.
    pub(super) expires_at: i64,
    /// 0 for none of its own.
    pub(super) limit: u32,
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

    /// The bits of what is so.
    pub(super) fn of(all: [(bool, u8); 4]) -> Self {
        Self(all.into_iter().fold(0, |bits, (is, bit)| if is { bits | bit } else { bits }))
    }

    pub(super) fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }
}

impl Known {
    /// Bytes of its id and name.
    pub(super) fn text_length(&self) -> usize {
        usize::from(self.id_length) + usize::from(self.name_length)
    }
}
