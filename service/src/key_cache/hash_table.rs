//! Maps a digest to its entry, by open addressing in one array. A lookup reads one place in memory before the entry. A
//! general hash table keeps its control bytes apart from its slots, and reads two.

/// Places of entries by hash. The caller decides which of several places with the same mark is the right one.
pub(super) struct HashTable {
    /// Each slot contains a mark of the hash and the place plus one, or 0 if it is empty. The number of slots is a
    /// power of two, and at most three quarters are in use.
    slots: Vec<u32>,
    len: usize,
}

const NOTHING: u32 = 0;
const PLACE_BITS: u32 = 24;
const PLACE_MASK: u32 = (1 << PLACE_BITS) - 1;
/// Number of places that a slot can represent.
pub(super) const PLACES_MAX: u32 = PLACE_MASK;
const SLOTS_MIN: usize = 16;

impl HashTable {
    pub(super) fn new() -> Self {
        Self { slots: Vec::new(), len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Finds the place with this hash for which `is_it` is true.
    pub(super) fn find(&self, hash: u64, is_it: impl FnMut(u32) -> bool) -> Option<u32> {
        self.probe(hash, is_it).map(|(_, place)| place)
    }

    /// Adds a new place, which must be below [`PLACES_MAX`].
    pub(super) fn insert(&mut self, hash: u64, place: u32, hash_of: impl Fn(u32) -> u64) {
        if (self.len + 1) * 4 > self.slots.len() * 3 {
            self.grow(hash_of);
        }
        self.put(hash, place);
        self.len += 1;
    }

    /// Removes and returns the place with this hash for which `is_it` is true.
    pub(super) fn remove(
        &mut self,
        hash: u64,
        is_it: impl FnMut(u32) -> bool,
        hash_of: impl Fn(u32) -> u64,
    ) -> Option<u32> {
        let (mut hole, place) = self.probe(hash, is_it)?;
        let mask = self.slots.len() - 1;
        let mut at = hole;
        // Moves up the slots that follow without a gap, except those that would come before the slot where their search
        // begins.
        loop {
            at = (at + 1) & mask;
            let slot = self.slots.get(at).copied().unwrap_or(NOTHING);
            let Some(next) = place_in(slot) else { break };
            let begin = begin(hash_of(next)) & mask;
            if (at.wrapping_sub(begin) & mask) >= (at.wrapping_sub(hole) & mask) {
                self.set(hole, slot);
                hole = at;
            }
        }
        self.set(hole, NOTHING);
        self.len -= 1;
        Some(place)
    }

    fn probe(&self, hash: u64, mut is_it: impl FnMut(u32) -> bool) -> Option<(usize, u32)> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = begin(hash) & mask;
        loop {
            let slot = *self.slots.get(at)?;
            let place = place_in(slot)?;
            if slot >> PLACE_BITS == mark(hash) && is_it(place) {
                return Some((at, place));
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self, hash_of: impl Fn(u32) -> u64) {
        let room = (self.slots.len() * 2).max(SLOTS_MIN);
        let old = std::mem::replace(&mut self.slots, vec![NOTHING; room]);
        // Places are inserted in their order in memory, so that their hashes are read one after the other.
        let mut places: Vec<u32> = old.into_iter().filter_map(place_in).collect();
        places.sort_unstable();
        for place in places {
            self.put(hash_of(place), place);
        }
    }

    fn put(&mut self, hash: u64, place: u32) {
        let mask = self.slots.len() - 1;
        let mut at = begin(hash) & mask;
        while self.slots.get(at).is_some_and(|slot| *slot != NOTHING) {
            at = (at + 1) & mask;
        }
        self.set(at, mark(hash) << PLACE_BITS | (place + 1));
    }

    fn set(&mut self, at: usize, to: u32) {
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = to;
        }
    }
}

fn place_in(slot: u32) -> Option<u32> {
    (slot & PLACE_MASK).checked_sub(1)
}

/// The slot where a search begins. It depends on the lower bits of the hash, the mark on the upper ones.
fn begin(hash: u64) -> usize {
    let [a, b, c, d, ..] = hash.to_le_bytes();
    u32::from_le_bytes([a, b, c, d]) as usize
}

fn mark(hash: u64) -> u32 {
    let [.., last] = hash.to_le_bytes();
    u32::from(last)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    /// Few different hashes, so that many places collide.
    fn hash_of(place: u32) -> u64 {
        u64::from(place % 7) << 58 | u64::from(place % 5 + 13)
    }

    proptest! {
        #[test]
        fn inserted_entries_are_found_until_they_are_removed(
            steps in prop::collection::vec((any::<bool>(), 0..60_u32), 0..400)
        ) {
            let (mut places, mut model) = (HashTable::new(), HashSet::new());
            for (is_added, place) in steps {
                if is_added && model.insert(place) {
                    places.insert(hash_of(place), place, hash_of);
                } else if !is_added {
                    let removed = places.remove(hash_of(place), |other| other == place, hash_of);
                    prop_assert_eq!(removed.is_some(), model.remove(&place));
                }
                prop_assert_eq!(places.len(), model.len());
                for place in 0..60 {
                    let found = places.find(hash_of(place), |other| other == place);
                    prop_assert_eq!(found, model.get(&place).copied());
                }
            }
        }
    }

    #[test]
    fn the_last_position_can_be_used() {
        let (mut places, last) = (HashTable::new(), PLACES_MAX - 1);
        assert_eq!(places.find(u64::MAX, |_| true), None);
        places.insert(u64::MAX, last, |_| u64::MAX);
        assert_eq!(places.find(u64::MAX, |place| place == last), Some(last));
    }
}
