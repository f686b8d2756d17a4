//! The ids of all gateways of the database, so that one that somebody makes up costs no query.
//!
//! Listed once, and kept true by the feed of changes as the directory of keys is: whoever asks must know that the feed is
//! heard. The id of a gateway that was removed stays listed, and is asked for, once a second at most.

use std::collections::HashSet;

/// Most ids that are listed, some 60 bytes each. With more, unknown ones are asked for.
pub(super) const IDS_MAX: usize = 100_000;

/// The ids, as far as they are known.
#[derive(Debug, Default)]
pub(super) enum Ids {
    /// Not read, or no longer true.
    #[default]
    Unread,
    /// Being read; those that have changed since that began.
    Reading(HashSet<String>),
    /// All that there are.
    Read(HashSet<String>),
    /// Too many to be kept.
    TooMany,
}

impl Ids {
    /// Begins to read, if that is of any use. What changes from now on is noted.
    pub(super) fn begin(&mut self) -> bool {
        if matches!(self, Self::Read(_) | Self::TooMany) {
            return false;
        }
        *self = Self::Reading(HashSet::new());
        true
    }

    /// Ends reading, unless everything has changed meanwhile.
    pub(super) fn end(&mut self, read: Vec<String>) {
        if let Self::Reading(ids) = self {
            let mut ids = std::mem::take(ids);
            ids.extend(read);
            *self = if ids.len() > IDS_MAX { Self::TooMany } else { Self::Read(ids) };
        }
    }

    /// Notes a gateway that has changed, which may be new.
    pub(super) fn note(&mut self, id: &str) {
        match self {
            Self::Read(ids) if ids.len() >= IDS_MAX && !ids.contains(id) => *self = Self::TooMany,
            Self::Reading(ids) | Self::Read(ids) => {
                ids.insert(id.to_owned());
            }
            Self::Unread | Self::TooMany => {}
        }
    }

    /// Forgets all: anything may have changed.
    pub(super) fn clear(&mut self) {
        *self = Self::Unread;
    }

    /// Whether it is known that there is no such gateway.
    pub(super) fn lacks(&self, id: &str) -> bool {
        matches!(self, Self::Read(ids) if !ids.contains(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_while_the_list_is_read_is_on_it() {
        let mut ids = Ids::default();
        assert!(ids.begin() && !ids.lacks("gw_a"));
        ids.note("gw_new");
        assert!(!ids.lacks("gw_a"));
        ids.end(vec!["gw_a".to_owned()]);
        assert!(!ids.begin(), "once is enough");
        assert!(!ids.lacks("gw_a") && !ids.lacks("gw_new") && ids.lacks("gw_b"));
        ids.note("gw_b");
        assert!(!ids.lacks("gw_b"));
    }

    #[test]
    fn after_a_change_of_everything_nothing_is_known() {
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
        ids.note("gw_a");
        assert!(!ids.lacks("gw_b") && !ids.begin());
        other.begin();
        other.end((0..=IDS_MAX).map(|n| n.to_string()).collect());
        assert!(!other.lacks("gw_a") && !other.begin());
    }
}
