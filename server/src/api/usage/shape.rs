//! Counts on the wire.

use std::collections::BTreeMap;

use model::usage::OutcomeCounts;

/// Counts by the word of their outcome, those that there are.
pub(super) fn by_status(counts: &OutcomeCounts) -> BTreeMap<&str, u64> {
    counts.iter().map(|(outcome, n)| (outcome.as_str(), n)).collect()
}
