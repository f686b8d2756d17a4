//! A part of the key cache. Its entries are packed, because there may be millions of them.

use std::collections::HashMap;
use std::sync::Arc;

use model::Timestamp;
use model::key::{Environment, Permissions, ResourceScope};

use super::blocks::{Blocks, Texts};
use super::digest::{BuildDigestHasher, hash};
use super::dirty::{Dirty, Taken};
use super::entry::{Entry, Known, Listed, NEAR_TEXT, State};
use super::hash_table::{HashTable, PLACES_MAX};
use super::pending::PendingUses;
use super::{Digest, KeyFacts, KeyView};

/// Minimum number of unused bytes before the text is compacted.
const GARBAGE_MIN: usize = 64 * 1024;

pub(super) struct Shard<C> {
    entries: Blocks<Entry<C>>,
    /// Places in `entries`, by digest.
    places: HashTable,
    /// Places in `entries` that are free.
    free: Vec<u32>,
    /// Ids, names and environments that are too long for their entries.
    text: Texts,
    garbage: usize,
    /// For each earlier secret: the current secret of its key, and when the earlier one ends.
    earlier: HashMap<Digest, (Digest, Timestamp), BuildDigestHasher>,
    /// Scopes by place. Most keys have none and take no memory for them.
    scopes: HashMap<u32, Arc<[ResourceScope]>>,
    /// Metadata by place. Most keys have none.
    metadata: HashMap<u32, Arc<str>>,
    /// The memory of scopes and metadata, in entries.
    beside: usize,
    /// The maximum number of entries, counting the memory of scopes and metadata as well.
    entries_max: usize,
    /// Where the search for an entry to drop continues.
    hand: usize,
    /// Entries with uses to be written.
    dirty: Dirty,
}

/// A secret that was found.
pub(super) struct Place<'a, C> {
    shard: &'a Shard<C>,
    number: u32,
    pub(super) entry: &'a Entry<C>,
}

impl<'a, C> Place<'a, C> {
    /// What is known about it, or `None` if it is stale.
    pub(super) fn view(&self) -> Option<KeyView<'a, C>> {
        self.entry.view(self.number, self.shard)
    }

    /// Its counters, whether or not it is stale. `None` if it was never read, because its uses could not be written.
    pub(super) fn listed(&self) -> Option<Listed<'a, C>> {
        self.entry.known.as_ref()?;
        Some(Listed { entry: self.entry, place: self.number, dirty: &self.shard.dirty })
    }
}

impl<C: Default> Shard<C> {
    pub(super) fn new(entries_max: usize) -> Self {
        Self {
            entries: Blocks::new(),
            places: HashTable::new(),
            free: Vec::new(),
            text: Texts::new(),
            garbage: 0,
            earlier: HashMap::default(),
            scopes: HashMap::new(),
            metadata: HashMap::new(),
            beside: 0,
            entries_max,
            hand: 0,
            dirty: Dirty::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Number of secrets with uses to be written.
    pub(super) fn pending_count(&self) -> usize {
        self.dirty.count()
    }

    pub(super) fn find(&self, digest: &Digest) -> Option<Place<'_, C>> {
        let number = self.place_of(digest)?;
        Some(Place { shard: self, number, entry: self.at(number)? })
    }

    fn place_of(&self, digest: &Digest) -> Option<u32> {
        let is_it = |place| self.at(place).is_some_and(|entry| entry.digest == *digest);
        self.places.find(hash(digest), is_it)
    }

    /// Takes uses to be written, of at most `most` secrets. Stale secrets are included: after a change, a secret may
    /// never be read again.
    pub(super) fn take_pending(&self, most: usize, uses: &mut Vec<PendingUses>) {
        let enough = uses.len() + most;
        self.dirty.each(|place| {
            if uses.len() == enough {
                return Taken::Enough;
            }
            uses.extend(self.at(place).and_then(|entry| entry.take_pending(self)));
            Taken::Done
        });
    }

    /// Stores the facts of a secret. Returns whether a secret was dropped for lack of room, this one or another.
    pub(super) fn insert(&mut self, facts: KeyFacts) -> bool {
        let KeyFacts {
            digest,
            earlier,
            key_id,
            name,
            owner,
            permissions,
            scopes,
            limit,
            expires_at,
            environment,
            metadata,
            is_disabled,
            is_revoked,
            has_ended,
        } = facts;
        let (place, mut is_dropped) = self.list(&digest);
        let environment = if environment.is_live() { "" } else { environment.as_str() };
        let lengths = u8::try_from(key_id.len()).ok().zip(u16::try_from(name.len()).ok());
        let lengths = lengths.zip(u8::try_from(environment.len()).ok());
        let text = [key_id.as_bytes(), name.as_bytes(), environment.as_bytes()];
        let is_near = key_id.len() + name.len() + environment.len() <= NEAR_TEXT;
        let text_at = if is_near { Some(0) } else { self.text.push(text) };
        // A text that does not fit, in a shard with more than 4 GiB of names, leaves the entry stale. That is slower
        // but correct.
        let (Some(place), Some(text_at), Some(((id_length, name_length), environment_length))) =
            (place, text_at, lengths)
        else {
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
            environment_length,
            permissions: permissions.bits(),
            state: State::of([
                (is_disabled, State::DISABLED),
                (is_revoked, State::REVOKED),
                (earlier.is_some(), State::EARLIER),
                (scopes.is_some(), State::SCOPED),
                (has_ended, State::ENDED),
                (metadata.is_some(), State::HAS_METADATA),
            ]),
        };
        if let Some(entry) = self.entries.get_mut(place) {
            let before = entry.known.replace(known);
            self.garbage += before.map_or(0, |known| known.far_length());
            if is_near {
                for (room, byte) in entry.near_text.iter_mut().zip(text.into_iter().flatten()) {
                    *room = *byte;
                }
            }
        }
        self.beside += entries_of(scopes.as_deref(), metadata.as_deref());
        if let Some(scopes) = scopes {
            self.scopes.insert(place, scopes);
        }
        if let Some(metadata) = metadata {
            self.metadata.insert(place, metadata);
        }
        while self.len() + self.beside > self.entries_max && self.drop_one() {
            is_dropped = true;
        }
        self.clear_garbage();
        is_dropped
    }

    /// Lists a secret as stale. Returns whether a secret was dropped for lack of room, this one or another.
    pub(super) fn forget(&mut self, digest: &Digest) -> bool {
        let (_place, is_dropped) = self.list(digest);
        is_dropped
    }

    /// Like [`Self::forget`], and returns the place. If all [`PLACES_MAX`] places are taken, there is none, and the
    /// secret itself counts as dropped.
    fn list(&mut self, digest: &Digest) -> (Option<u32>, bool) {
        if let Some(place) = self.place_of(digest) {
            if let Some(known) = self.entries.get_mut(place).and_then(|entry| entry.known.as_mut()) {
                known.state.add(State::STALE);
                self.earlier.remove(digest);
                let (scopes, metadata) = (self.scopes.remove(&place), self.metadata.remove(&place));
                self.beside -= entries_of(scopes.as_deref(), metadata.as_deref());
            }
            return (Some(place), false);
        }
        let is_dropped = self.len() + self.beside >= self.entries_max && self.drop_one();
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

    /// Removes a secret from the list. Returns its uses that are not written yet.
    pub(super) fn remove(&mut self, digest: &Digest) -> Option<PendingUses> {
        self.forget_listed(digest);
        let entries = &self.entries;
        let is_it = |place| entries.get(place).is_some_and(|entry| entry.digest == *digest);
        let place = self.places.remove(hash(digest), is_it, |place| hash_at(entries, place))?;
        self.free.push(place);
        let uses = self.at(place)?.take_pending(self);
        let known = self.entries.get_mut(place)?.known.take();
        self.garbage += known.map_or(0, |known| known.far_length());
        uses
    }

    /// Drops one secret that has no uses to be written, to make room. Each search continues behind the previous one, so
    /// that the newest secret is not the next to be dropped.
    fn drop_one(&mut self) -> bool {
        for _ in 0..self.entries.len() {
            self.hand = (self.hand + 1) % self.entries.len();
            let Ok(place) = u32::try_from(self.hand) else { continue };
            let Some(entry) = self.at(place) else { continue };
            let digest = entry.digest;
            // A free place may have the digest of a secret that has another place now.
            if entry.pending.is_empty() && self.place_of(&digest) == Some(place) {
                let _no_uses = self.remove(&digest);
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

    fn at(&self, place: u32) -> Option<&Entry<C>> {
        self.entries.get(place)
    }

    /// Copies the used text once half of the text is unused.
    fn clear_garbage(&mut self) {
        if self.garbage < GARBAGE_MIN || self.garbage * 2 < self.text.length() {
            return;
        }
        let mut text = Texts::new();
        for entry in self.entries.iter_mut() {
            let Some(known) = entry.known.as_mut().filter(|known| known.far_length() > 0) else { continue };
            let old = self.text.get(known.text_at, known.text_length()).unwrap_or_default();
            match text.push([old]) {
                Some(place) => known.text_at = place,
                // Never happens, because the new text is shorter than the old one.
                None => entry.known = None,
            }
        }
        (self.text, self.garbage) = (text, 0);
    }
}

/// The memory of scopes and metadata, in entries.
fn entries_of(scopes: Option<&[ResourceScope]>, metadata: Option<&str>) -> usize {
    let bytes_of = |scope: &ResourceScope| {
        let operations = scope.operations.as_ref().map_or(0, |operations| size_of_val(operations.as_slice()));
        size_of::<ResourceScope>() + scope.resource_id.len() + operations
    };
    let scopes = scopes.map_or(0, |scopes| scopes.iter().map(bytes_of).sum());
    (scopes + metadata.map_or(0, str::len)).div_ceil(size_of::<Entry<u64>>())
}

fn hash_at<C>(entries: &Blocks<Entry<C>>, place: u32) -> u64 {
    entries.get(place).map_or(0, |entry| hash(&entry.digest))
}

impl<C> Entry<C> {
    /// Takes its uses to be written, even if it is stale.
    fn take_pending(&self, shard: &Shard<C>) -> Option<PendingUses> {
        let known = self.known.as_ref()?;
        let (key_id, _) = self.id_and_rest(known, shard)?;
        let (n, last) = self.pending.take()?;
        let organization = known.owner.organization.id.clone();
        Some(PendingUses { digest: self.digest, key_id: key_id.to_owned(), organization, n, last })
    }

    /// The id of the key, and its name and environment as one text.
    fn id_and_rest<'a>(&'a self, known: &Known, shard: &'a Shard<C>) -> Option<(&'a str, &'a str)> {
        let text = match known.far_length() {
            0 => self.near_text.get(..known.text_length())?,
            length => shard.text.get(known.text_at, length)?,
        };
        str::from_utf8(text).ok()?.split_at_checked(usize::from(known.id_length))
    }

    /// What is known about it, or `None` if it is stale.
    fn view<'a>(&'a self, place: u32, shard: &'a Shard<C>) -> Option<KeyView<'a, C>> {
        let is_stale = |known: &Known| known.state.has(State::STALE) || known.owner.is_stale();
        let known = self.known.as_ref().filter(|known| !is_stale(known))?;
        let (key_id, rest) = self.id_and_rest(known, shard)?;
        let (name, environment) = rest.split_at_checked(usize::from(known.name_length))?;
        let environment = match environment {
            "" => Environment::LIVE,
            word => Environment::parse(word).ok()?,
        };
        let earlier =
            if known.state.has(State::EARLIER) { Some(*shard.earlier.get(&self.digest)?) } else { None };
        Some(KeyView {
            digest: &self.digest,
            earlier,
            key_id,
            name,
            owner: &known.owner,
            permissions: Permissions::from_bits(known.permissions),
            scopes: if known.state.has(State::SCOPED) { Some(shard.scopes.get(&place)?) } else { None },
            environment,
            metadata: if known.state.has(State::HAS_METADATA) {
                Some(shard.metadata.get(&place)?)
            } else {
                None
            },
            limit: Some(known.limit).filter(|limit| *limit > 0),
            expires_at: Some(known.expires_at).filter(|end| *end < i64::MAX).map(Timestamp::from_micros),
            is_disabled: known.state.has(State::DISABLED),
            is_revoked: known.state.has(State::REVOKED),
            has_ended: known.state.has(State::ENDED),
            listed: Some(Listed { entry: self, place, dirty: &shard.dirty }),
        })
    }
}
