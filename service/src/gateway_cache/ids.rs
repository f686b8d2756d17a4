//! The ids of all gateways in the database, so that an id that a client made up costs no query.
//!
//! The id of a removed gateway stays in the list and costs a query when it is asked for again.

use std::collections::HashSet;

/// Maximum number of ids, about 60 bytes each. If there are more, unknown ids cost a query.
pub(crate) const IDS_MAX: usize = 100_000;

/// The list of ids.
#[derive(Debug, Default)]
pub(super) enum Ids {
    /// Not read yet, or out of date.
    #[default]
    Unread,
    /// Complete.
    Read(HashSet<String>),
    /// More than [`IDS_MAX`] ids, so none are kept.
    TooMany,
}

impl Ids {
    /// The list of these ids.
    pub(super) fn of(ids: HashSet<String>) -> Self {
        if ids.len() > IDS_MAX { Self::TooMany } else { Self::Read(ids) }
    }

    pub(super) fn is_unread(&self) -> bool {
        matches!(self, Self::Unread)
    }

    /// Adds a gateway that has changed, because it may be new.
    pub(super) fn add(&mut self, id: &str) {
        match self {
            Self::Read(ids) if ids.len() >= IDS_MAX && !ids.contains(id) => *self = Self::TooMany,
            Self::Read(ids) => {
                ids.insert(id.to_owned());
            }
            Self::Unread | Self::TooMany => {}
        }
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
    fn the_list_is_bounded() {
        let some = |number: usize| Ids::of((0..number).map(|n| n.to_string()).collect());
        let mut ids = some(IDS_MAX);
        ids.add("0");
        assert!(ids.lacks("gw_a"));
        ids.add("gw_a");
        for ids in [ids, some(IDS_MAX + 1)] {
            assert!(!ids.lacks("gw_a") && !ids.lacks("gw_b") && !ids.is_unread());
        }
    }
}
