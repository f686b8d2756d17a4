//! The JSON form of usage counts.

use std::collections::BTreeMap;

use model::usage::OutcomeCounts;

/// The counts by outcome. An outcome that did not occur is left out.
pub(super) fn by_status(counts: &OutcomeCounts) -> BTreeMap<&str, u64> {
    counts.iter().map(|(outcome, n)| (outcome.as_str(), n)).collect()
}
