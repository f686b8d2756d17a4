//! Marks the entries with uses to be written, with one bit each.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// The bits. Marking an entry never waits for a lock.
#[derive(Debug, Default)]
pub(super) struct Dirty {
    words: Vec<AtomicU64>,
    /// The word where the next search begins, so that entries at the front do not hold up those behind them.
    hand: AtomicUsize,
}

impl Dirty {
    /// Makes room for this many entries.
    pub(super) fn grow(&mut self, entries: usize) {
        let words = entries.div_ceil(64);
        if self.words.len() < words {
            self.words.resize_with(words, AtomicU64::default);
        }
    }

    /// Number of marked entries.
    pub(super) fn count(&self) -> usize {
        let ones = |word: &AtomicU64| word.load(Ordering::Relaxed).count_ones() as usize;
        self.words.iter().map(ones).sum()
    }

    pub(super) fn mark(&self, place: u32) {
        if let Some(word) = self.words.get(place as usize / 64) {
            word.fetch_or(1 << (place % 64), Ordering::Release);
        }
    }

    /// Calls `take` with marked entries, starting where the previous call ended. The result of `take` decides whether
    /// the mark is removed and whether the search goes on.
    pub(super) fn each(&self, mut take: impl FnMut(u32) -> Taken) {
        let first = self.hand.load(Ordering::Relaxed);
        for step in 0..self.words.len() {
            let number = (first + step) % self.words.len();
            let Some(word) = self.words.get(number) else { continue };
            let mut bits = word.load(Ordering::Acquire);
            while bits != 0 {
                let bit = bits.trailing_zeros();
                bits &= bits - 1;
                // The mark is removed before the entry is read, so that a use that is added from now on marks it again.
                word.fetch_and(!(1 << bit), Ordering::AcqRel);
                let place = u32::try_from(number * 64).unwrap_or(u32::MAX) + bit;
                match take(place) {
                    Taken::Done => {}
                    Taken::Enough => {
                        self.mark(place);
                        self.hand.store(number, Ordering::Relaxed);
                        return;
                    }
                }
            }
        }
    }
}

/// What to do with a marked entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Remove its mark.
    Done,
    /// Keep its mark and end the search.
    Enough,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dirty_entry_is_visited() {
        let mut dirty = Dirty::default();
        dirty.grow(200);
        let places = [0, 3, 64, 130, 199];
        for place in places {
            dirty.mark(place);
        }
        assert_eq!(dirty.count(), places.len());
        let mut taken = Vec::new();
        for _ in 0..3 {
            let mut left = 2;
            dirty.each(|place| {
                if left == 0 {
                    return Taken::Enough;
                }
                left -= 1;
                taken.push(place);
                // The first entry is used again at once, but those behind it come first.
                Taken::Done
            });
            dirty.mark(0);
        }
        assert_eq!(taken, [0, 3, 64, 130, 199, 0]);
        assert_eq!(dirty.count(), 1);
        dirty.each(|_| Taken::Enough);
        let mut left = Vec::new();
        dirty.each(|place| {
            left.push(place);
            Taken::Done
        });
        assert_eq!(left, [0]);
        dirty.mark(9_999);
    }
}
