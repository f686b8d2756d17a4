//! A part of the directory: its entries, packed, since there may be a million of them.

use std::collections::HashMap;
use std::sync::Arc;

use model::Timestamp;
use model::key::{Permissions, ResourceScope};

use super::blocks::{Blocks, Texts};
use super::dirty::{Dirty, Taken};
use super::entry::{Entry, Known, Listed, NEAR_TEXT, State};
use super::places::{PLACES_MAX, Places};
use super::{Digest, Facts, View};
use crate::verify::digest::{BuildDigestHasher, hash};
use crate::verify::pending::Uses;

/// Bytes of text that nobody points to any more before it is cleared away.
const GARBAGE_MIN: usize = 64 * 1024;

pub(super) struct Shard {
    entries: Blocks<Entry>,
    /// Places in `entries`, by digest.
    places: Places,
    /// Places in `entries` that are free.
    free: Vec<u32>,
    /// Ids and names that are too long for their entries.
    text: Texts,
    garbage: usize,
    /// The current secret of the key of an earlier one, and when that ends.
    earlier: HashMap<Digest, (Digest, Timestamp), BuildDigestHasher>,
    /// By place, where there are any: the very most keys have none, and are not to take room for them.
    scopes: HashMap<u32, Arc<[ResourceScope]>>,
    entries_max: usize,
    /// Where to look next for one that can go.
    hand: usize,
    /// Entries with uses to be written.
    dirty: Dirty,
}

/// Where a secret was found.
pub(super) struct Place<'a> {
    shard: &'a Shard,
    number: u32,
    pub(super) entry: &'a Entry,
}

impl<'a> Place<'a> {
    /// What is known of it; nothing when it is stale.
    pub(super) fn view(&self) -> Option<View<'a>> {
        self.entry.view(self.number, self.shard)
    }

    /// What is counted of it, stale or not.
    pub(super) fn listed(&self) -> Listed<'a> {
        Listed { entry: self.entry, place: self.number, dirty: &self.shard.dirty }
    }
}

impl Shard {
    pub(super) fn new(entries_max: usize) -> Self {
        Self {
            entries: Blocks::new(),
            places: Places::new(),
            free: Vec::new(),
            text: Texts::new(),
            garbage: 0,
            earlier: HashMap::default(),
            scopes: HashMap::new(),
            entries_max,
            hand: 0,
            dirty: Dirty::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn find(&self, digest: &Digest) -> Option<Place<'_>> {
        let is_it = |place| self.at(place).is_some_and(|entry| entry.digest == *digest);
        let place = self.places.find(hash(digest), is_it)?;
        Some(Place { shard: self, number: place, entry: self.at(place)? })
    }

    /// Takes uses that are to be written, of so many secrets at most. Those of stale ones wait until they are known again.
    pub(super) fn take_pending(&self, most: usize, uses: &mut Vec<Uses>) {
        let enough = uses.len() + most;
        self.dirty.each(|place| {
            if uses.len() == enough {
                return Taken::Enough;
            }
            let Some(entry) = self.entries.get(place) else { return Taken::Done };
            let Some(view) = entry.view(place, self) else { return Taken::Waits };
            if let Some((n, last)) = entry.pending.take() {
                let (key_id, organization) = (view.key_id.to_owned(), view.owner.organization.id.clone());
                uses.push(Uses { digest: entry.digest, key_id, organization, n, last });
            }
            Taken::Done
        });
    }

    /// Stores what is known; true when another one had to go for it.
    pub(super) fn learn(&mut self, facts: Facts) -> bool {
        let Facts {
            digest,
            earlier,
            key_id,
            name,
            owner,
            permissions,
            scopes,
            limit,
            expires_at,
            is_disabled,
            is_revoked,
            has_ended,
        } = facts;
        let (place, is_dropped) = self.list(&digest);
        let lengths = u8::try_from(key_id.len()).ok().zip(u16::try_from(name.len()).ok());
        let text = [key_id.as_bytes(), name.as_bytes()];
        let is_near = key_id.len() + name.len() <= NEAR_TEXT;
        let text_at = if is_near { Some(0) } else { self.text.push(text) };
        // What has no place here, in a shard of more than 4 GiB of names, stays stale: slower, never wrong.
        let (Some(place), Some(text_at), Some((id_length, name_length))) = (place, text_at, lengths) else {
            return is_dropped;
        };
        if let Some(link) = earlier {
            self.earlier.insert(digest, link);
        }
        let known = Known {
            owner,
            expires_at: expires_at.map_or(i64::MAX, Timestamp::micros),
            limit: limit.unwrap_or(0),
            text_at,
            id_length,
            name_length,
            permissions: permissions.bits(),
            state: State::of([
                (is_disabled, State::DISABLED),
                (is_revoked, State::REVOKED),
                (earlier.is_some(), State::EARLIER),
                (scopes.is_some(), State::SCOPED),
                (has_ended, State::ENDED),
            ]),
        };
        if let Some(entry) = self.entries.get_mut(place) {
            entry.known = Some(known);
            if is_near {
                for (room, byte) in entry.near_text.iter_mut().zip(text.into_iter().flatten()) {
                    *room = *byte;
                }
            }
        }
        if let Some(scopes) = scopes {
            self.scopes.insert(place, scopes);
        }
        self.clear_garbage();
        is_dropped
    }

    /// Lists a secret without anything known of it; true when another one had to go for it.
    pub(super) fn forget(&mut self, digest: &Digest) -> bool {
        let (_place, is_dropped) = self.list(digest);
        is_dropped
    }

    /// The same, with its place. There is none beyond [`PLACES_MAX`].
    fn list(&mut self, digest: &Digest) -> (Option<u32>, bool) {
        let entries = &mut self.entries;
        let is_it = |place| entries.get(place).is_some_and(|entry| entry.digest == *digest);
        if let Some(place) = self.places.find(hash(digest), is_it) {
            if let Some(known) = entries.get_mut(place).and_then(|entry| entry.known.take()) {
                self.garbage += known.far_length();
                self.earlier.remove(digest);
                self.scopes.remove(&place);
            }
            return (Some(place), false);
        }
        let is_dropped = self.len() >= self.entries_max && self.drop_one();
        let entry = Entry::of(*digest);
        let place = match self.free.pop() {
            Some(place) => {
                if let Some(free) = self.entries.get_mut(place) {
                    *free = entry;
                }
                place
            }
            None => match u32::try_from(self.entries.len()) {
                Ok(place) if place < PLACES_MAX => {
                    self.entries.push(entry);
                    self.dirty.grow(self.entries.len());
                    place
                }
                _ => return (None, true),
            },
        };
        let entries = &self.entries;
        self.places.insert(hash(digest), place, |place| hash_at(entries, place));
        (Some(place), is_dropped)
    }

    /// Takes a secret off the list.
    pub(super) fn remove(&mut self, digest: &Digest) {
        self.forget_listed(digest);
        let entries = &self.entries;
        let is_it = |place| entries.get(place).is_some_and(|entry| entry.digest == *digest);
        if let Some(place) = self.places.remove(hash(digest), is_it, |place| hash_at(entries, place)) {
            self.free.push(place);
        }
    }

    /// Makes room: takes one off the list that has nothing to be written, going round. The next to go is not the one that
    /// came last.
    fn drop_one(&mut self) -> bool {
        for _ in 0..self.entries.len() {
            self.hand = (self.hand + 1) % self.entries.len();
            let Some(entry) = u32::try_from(self.hand).ok().and_then(|hand| self.entries.get(hand)) else {
                continue;
            };
            let digest = entry.digest;
            if entry.pending.is_empty() && self.find(&digest).is_some() {
                self.remove(&digest);
                return true;
            }
        }
        false
    }

    fn forget_listed(&mut self, digest: &Digest) {
        if self.find(digest).is_some() {
            self.forget(digest);
        }
    }

    fn at(&self, place: u32) -> Option<&Entry> {
        self.entries.get(place)
    }

    /// Once half of the text is nobody's any more, the other half is copied.
    fn clear_garbage(&mut self) {
        if self.garbage < GARBAGE_MIN || self.garbage * 2 < self.text.length() {
            return;
        }
        let mut text = Texts::new();
        for entry in self.entries.iter_mut() {
            let Some(known) = entry.known.as_mut().filter(|known| known.far_length() > 0) else { continue };
            let old = self.text.get(known.text_at, known.text_length()).unwrap_or_default();
            match text.push([old, &[]]) {
                Some(place) => known.text_at = place,
                // Never, since the new text is shorter than the old one.
                None => entry.known = None,
            }
        }
        (self.text, self.garbage) = (text, 0);
    }
}

fn hash_at(entries: &Blocks<Entry>, place: u32) -> u64 {
    entries.get(place).map_or(0, |entry| hash(&entry.digest))
}

impl Entry {
    /// What is known of it; nothing when it is stale.
    fn view<'a>(&'a self, place: u32, shard: &'a Shard) -> Option<View<'a>> {
        let known = self.known.as_ref().filter(|known| !known.owner.is_stale())?;
        let text = match known.far_length() {
            0 => self.near_text.get(..known.text_length())?,
            length => shard.text.get(known.text_at, length)?,
        };
        let (key_id, name) = str::from_utf8(text).ok()?.split_at_checked(usize::from(known.id_length))?;
        let earlier =
            if known.state.has(State::EARLIER) { Some(*shard.earlier.get(&self.digest)?) } else { None };
        Some(View {
            digest: &self.digest,
            earlier,
            key_id,
            name,
            owner: &known.owner,
            permissions: Permissions::from_bits(known.permissions),
            scopes: if known.state.has(State::SCOPED) { Some(shard.scopes.get(&place)?) } else { None },
            limit: Some(known.limit).filter(|limit| *limit > 0),
            expires_at: Some(known.expires_at).filter(|end| *end < i64::MAX).map(Timestamp::from_micros),
            is_disabled: known.state.has(State::DISABLED),
            is_revoked: known.state.has(State::REVOKED),
            has_ended: known.state.has(State::ENDED),
            listed: Some(Listed { entry: self, place, dirty: &shard.dirty }),
        })
    }
}
