//! The ids of all gateways in the database, so that an id that a client made up costs no query.
//!
//! They are read at the start and kept current by the feed of invalidations, like the key cache, so the list may be
//! used only while the feed is current. The id of a removed gateway stays in the list and costs at most one query a
//! second.

use std::collections::HashSet;

/// Maximum number of ids, about 60 bytes each. If there are more, unknown ids cost a query.
pub(super) const IDS_MAX: usize = 100_000;

/// The list of ids.
#[derive(Debug, Default)]
pub(super) enum Ids {
    /// Not read yet, or out of date.
    #[default]
    Unread,
    /// Being read. Holds the ids of the gateways that have changed since the reading began.
    Reading(HashSet<String>),
    /// Complete.
    Read(HashSet<String>),
    /// More than [`IDS_MAX`] ids, so none are kept.
    TooMany,
}

impl Ids {
    /// Starts reading and returns `true`, unless the list is complete or too long. Changes from now on are recorded.
    pub(super) fn begin(&mut self) -> bool {
        if matches!(self, Self::Read(_) | Self::TooMany) {
            return false;
        }
        *self = Self::Reading(HashSet::new());
        true
    }

    /// Completes the list, unless it was cleared while it was read.
    pub(super) fn end(&mut self, read: Vec<String>) {
        if let Self::Reading(ids) = self {
            let mut ids = std::mem::take(ids);
            ids.extend(read);
            *self = if ids.len() > IDS_MAX { Self::TooMany } else { Self::Read(ids) };
        }
    }

    /// Records a gateway that has changed, because it may be new.
    pub(super) fn record(&mut self, id: &str) {
        match self {
            Self::Read(ids) if ids.len() >= IDS_MAX && !ids.contains(id) => *self = Self::TooMany,
            Self::Reading(ids) | Self::Read(ids) => {
                ids.insert(id.to_owned());
            }
            Self::Unread | Self::TooMany => {}
        }
    }

    /// Forgets the list, because anything may have changed.
    pub(super) fn clear(&mut self) {
        *self = Self::Unread;
    }

    /// Whether the list is complete and does not contain the id.
    pub(super) fn lacks(&self, id: &str) -> bool {
        matches!(self, Self::Read(ids) if !ids.contains(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_that_is_created_while_the_list_is_read_is_listed() {
        let mut ids = Ids::default();
        assert!(ids.begin() && !ids.lacks("gw_a"));
        ids.record("gw_new");
        assert!(!ids.lacks("gw_a"));
        ids.end(vec!["gw_a".to_owned()]);
        assert!(!ids.begin(), "once is enough");
        assert!(!ids.lacks("gw_a") && !ids.lacks("gw_new") && ids.lacks("gw_b"));
        ids.record("gw_b");
        assert!(!ids.lacks("gw_b"));
    }

    #[test]
    fn after_an_invalidation_of_everything_the_list_is_empty() {
        let mut ids = Ids::default();
        ids.begin();
        ids.clear();
        ids.end(vec!["gw_a".to_owned()]);
        assert!(!ids.lacks("gw_b"), "what was read is from before the change");
        ids.begin();
        ids.end(Vec::new());
        assert!(ids.lacks("gw_b"));
        ids.clear();
        assert!(!ids.lacks("gw_b"));
    }

    #[test]
    fn the_list_is_bounded() {
        let (mut ids, mut other) = (Ids::default(), Ids::default());
        ids.begin();
        ids.end((0..IDS_MAX).map(|n| n.to_string()).collect());
        assert!(ids.lacks("gw_a"));
        ids.record("gw_a");
        assert!(!ids.lacks("gw_b") && !ids.begin());
        other.begin();
        other.end((0..=IDS_MAX).map(|n| n.to_string()).collect());
        assert!(!other.lacks("gw_a") && !other.begin());
    }
}
