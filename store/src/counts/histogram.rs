//! How often a value was in each of several ranges.

use std::time::Duration;

use super::ShardedCounts;

/// Number of places: a count for each range, and the sum of all values.
const PLACES: usize = 16;
/// The place of the sum.
const SUM: usize = PLACES - 1;
/// Maximum number of bounds. The range above the last one needs a place as well.
const BOUNDS_MAX: usize = PLACES - 2;

/// Bounds for durations, in nanoseconds: from 50 microseconds, in which a verification is answered from memory, to 5
/// seconds, after which the database counts as unavailable.
pub const DURATIONS: &[u64] = &[
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    1_000_000_000,
    5_000_000_000,
];

/// Values by range.
pub struct Histogram {
    /// The largest value of each range, in increasing order.
    bounds: &'static [u64],
    counts: ShardedCounts<PLACES>,
}

/// The state of a histogram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub bounds: &'static [u64],
    /// How many values were in each range. The last range has no bound.
    pub counts: Vec<u64>,
    pub sum: u64,
}

impl Histogram {
    /// Creates a histogram. Bounds beyond the 14th are ignored.
    pub fn new(bounds: &'static [u64]) -> Self {
        Self { bounds: bounds.get(..BOUNDS_MAX).unwrap_or(bounds), counts: ShardedCounts::default() }
    }

    pub fn of_durations() -> Self {
        Self::new(DURATIONS)
    }

    pub fn record(&self, value: u64) {
        let range = self.bounds.iter().position(|bound| value <= *bound);
        self.counts.add(range.unwrap_or(self.bounds.len()), 1);
        self.counts.add(SUM, value);
    }

    pub fn record_duration(&self, duration: Duration) {
        self.record(nanos(duration));
    }

    pub fn recorded(&self) -> Recorded {
        let counts = (0..=self.bounds.len()).map(|range| self.counts.total(range)).collect();
        Recorded { bounds: self.bounds, counts, sum: self.counts.total(SUM) }
    }
}

impl Recorded {
    /// Number of values.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}

pub fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_counted_in_the_first_range_that_includes_it() {
        let histogram = Histogram::new(&[1, 10]);
        for value in [0, 1, 2, 10, 11, 1000] {
            histogram.record(value);
        }
        assert_eq!(histogram.recorded(), Recorded { bounds: &[1, 10], counts: vec![2, 2, 2], sum: 1024 });
        assert_eq!(histogram.recorded().count(), 6);
    }

    #[test]
    fn the_sum_is_never_taken_for_a_range() {
        assert_eq!(DURATIONS.len(), BOUNDS_MAX);
        let histogram = Histogram::of_durations();
        histogram.record_duration(Duration::MAX);
        assert_eq!((histogram.recorded().count(), histogram.recorded().sum), (1, u64::MAX));
    }
}
