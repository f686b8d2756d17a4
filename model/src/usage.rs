//! How often keys were used: what is counted, and the hours and days that a range of time is made of.

use crate::id::KeyId;
use crate::stored::Stored;
use crate::time::{DAY_SECONDS, Timestamp};
use crate::words::words;

const HOUR_SECONDS: i64 = 3600;
/// Days for which hours are kept. Before that a range is one of whole days.
pub const HOURS_KEPT_DAYS: i64 = 31;
/// Days that a range has if nothing else is said.
const DAYS_SHOWN: i64 = 30;

words! {
    /// What came of showing a key.
    Outcome {
        /// It was accepted.
        Valid = "VALID",
        /// It was revoked before.
        Revoked = "REVOKED",
        /// Its time had passed.
        Expired = "EXPIRED",
        /// It was out of service for a time.
        Disabled = "DISABLED",
        /// Its owner was not active, or removed.
        OwnerInactive = "OWNER_INACTIVE",
        /// It lacked the permission that was asked for.
        InsufficientPermissions = "INSUFFICIENT_PERMISSIONS",
        /// Its scopes did not reach what was asked for.
        OutOfScope = "OUT_OF_SCOPE",
        /// It had used up its requests.
        RateLimited = "RATE_LIMITED",
    }
}

/// How often there was each outcome, those that there were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutcomeCounts(Vec<(Stored<Outcome>, u64)>);

impl OutcomeCounts {
    /// Adds to an outcome.
    pub fn add(&mut self, outcome: Stored<Outcome>, n: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, count)) => *count = count.saturating_add(n),
            None => self.0.push((outcome, n)),
        }
        self.0.sort_unstable();
    }

    /// All together.
    pub fn total(&self) -> u64 {
        self.0.iter().fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }

    /// Each, in the order of the words, unknown ones last.
    pub fn iter(&self) -> impl Iterator<Item = (&Stored<Outcome>, u64)> {
        self.0.iter().map(|(outcome, n)| (outcome, *n))
    }
}

/// How often one key of several was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUsage {
    /// The key.
    pub key_id: KeyId,
    /// Its name.
    pub name: String,
    /// How often.
    pub counts: OutcomeCounts,
}

/// How often one endpoint was asked by a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointUsage {
    /// The method.
    pub method: String,
    /// The route's pattern.
    pub path: String,
    /// How often.
    pub requests: u64,
    /// How often the answer was an error.
    pub errors: u64,
}

/// A range of time in whole hours, and where hours are not kept any more, in whole days (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageRange {
    /// The first moment.
    pub start: Timestamp,
    /// The first moment after it.
    pub end: Timestamp,
    /// The moment from which hours are kept; the beginning of a day.
    hours_from: Timestamp,
}

/// A stretch of buckets: those that begin at the first moment or later, and before the second.
pub type Stretch = (Timestamp, Timestamp);

/// What a range is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cover {
    /// Hours before the first whole day, or all of the range when there is no whole day in it.
    pub first_hours: Stretch,
    /// Whole days.
    pub days: Stretch,
    /// Hours after the last whole day.
    pub last_hours: Stretch,
}

impl UsageRange {
    /// The range asked for, widened to whole hours or days. Up to the present and 30 days long where nothing is said.
    pub fn new(start: Option<Timestamp>, end: Option<Timestamp>, now: Timestamp) -> Self {
        let hours_from = floor(now.plus_seconds(-HOURS_KEPT_DAYS * DAY_SECONDS), DAY_SECONDS);
        // Without an end the present hour is in it.
        let end = end.map_or_else(|| hour_of(now).plus_seconds(HOUR_SECONDS), |end| ceil(end, HOUR_SECONDS));
        let end = if end < hours_from { ceil(end, DAY_SECONDS) } else { end };
        let start = start.unwrap_or_else(|| end.plus_seconds(-DAYS_SHOWN * DAY_SECONDS));
        let unit = if start < hours_from { DAY_SECONDS } else { HOUR_SECONDS };
        let start = floor(start, unit).min(end);
        Self { start, end, hours_from }
    }

    /// The same range in whole days.
    #[must_use]
    pub fn in_days(self) -> Self {
        Self { start: floor(self.start, DAY_SECONDS), end: ceil(self.end, DAY_SECONDS), ..self }
    }

    /// The fewest buckets that make up the range.
    pub fn cover(self) -> Cover {
        let Self { start, end, .. } = self;
        let (first_day, last_day) = (ceil(start, DAY_SECONDS), floor(end, DAY_SECONDS));
        if first_day >= last_day {
            return Cover { first_hours: (start, end), days: (start, start), last_hours: (end, end) };
        }
        Cover { first_hours: (start, first_day), days: (first_day, last_day), last_hours: (last_day, end) }
    }
}

/// The beginning of the hour that a moment is in.
pub fn hour_of(moment: Timestamp) -> Timestamp {
    floor(moment, HOUR_SECONDS)
}

/// The beginning of the day that a moment is in.
pub fn day_of(moment: Timestamp) -> Timestamp {
    floor(moment, DAY_SECONDS)
}

fn floor(moment: Timestamp, unit: i64) -> Timestamp {
    Timestamp::from_seconds(moment.seconds().div_euclid(unit).saturating_mul(unit))
}

fn ceil(moment: Timestamp, unit: i64) -> Timestamp {
    let below = floor(moment, unit);
    if below < moment { below.plus_seconds(unit) } else { below }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn range(start: &str, end: &str) -> UsageRange {
        UsageRange::new(Some(at(start)), Some(at(end)), at("2026-11-22T08:30:00Z"))
    }

    fn stretch(stretch: Stretch) -> Option<String> {
        let (from, until) = stretch;
        (from < until).then(|| format!("{from} {until}"))
    }

    #[test]
    fn a_range_is_widened_to_what_is_kept() {
        let now = at("2026-11-22T08:30:00Z");
        let shown = UsageRange::new(None, None, now);
        assert_eq!((shown.start, shown.end), (at("2026-10-23T09:00:00Z"), at("2026-11-22T09:00:00Z")));
        let recent = range("2026-11-21T10:59:59.9Z", "2026-11-21T11:00:00.000001Z");
        assert_eq!((recent.start, recent.end), (at("2026-11-21T10:00:00Z"), at("2026-11-21T12:00:00Z")));
        let old = range("2026-01-05T10:00:00Z", "2026-01-05T11:00:00Z");
        assert_eq!((old.start, old.end), (at("2026-01-05T00:00:00Z"), at("2026-01-06T00:00:00Z")));
        let reversed = UsageRange::new(Some(at("2027-01-01T00:00:00Z")), None, now);
        assert_eq!(reversed.start, reversed.end);
        let first = UsageRange::new(Some(at("0001-01-01T00:00:00Z")), Some(Timestamp::MAX), now);
        assert!(first.start < first.end);
    }

    #[test]
    fn a_range_is_made_of_hours_days_and_hours() {
        for (start, end, hours, days, rest) in [
            (
                "2026-11-01T10:00:00Z",
                "2026-11-03T02:00:00Z",
                Some("2026-11-01T10:00:00Z 2026-11-02T00:00:00Z"),
                Some("2026-11-02T00:00:00Z 2026-11-03T00:00:00Z"),
                Some("2026-11-03T00:00:00Z 2026-11-03T02:00:00Z"),
            ),
            (
                "2026-11-01T10:00:00Z",
                "2026-11-02T09:00:00Z",
                Some("2026-11-01T10:00:00Z 2026-11-02T09:00:00Z"),
                None,
                None,
            ),
            (
                "2026-11-01T00:00:00Z",
                "2026-11-02T00:00:00Z",
                None,
                Some("2026-11-01T00:00:00Z 2026-11-02T00:00:00Z"),
                None,
            ),
            (
                "2026-01-01T12:00:00Z",
                "2026-01-01T13:00:00Z",
                None,
                Some("2026-01-01T00:00:00Z 2026-01-02T00:00:00Z"),
                None,
            ),
        ] {
            let cover = range(start, end).cover();
            assert_eq!(stretch(cover.first_hours).as_deref(), hours, "{start}");
            assert_eq!(stretch(cover.days).as_deref(), days, "{start}");
            assert_eq!(stretch(cover.last_hours).as_deref(), rest, "{start}");
        }
    }

    #[test]
    fn hours_are_asked_for_only_where_they_are_kept() {
        for start in 0..80 {
            for length in [1, 5, 24, 30, 24 * 40] {
                let from = at("2026-10-20T00:00:00Z").plus_seconds(start * HOUR_SECONDS);
                let until = from.plus_seconds(length * HOUR_SECONDS);
                let range = UsageRange::new(Some(from), Some(until), at("2026-11-22T08:30:00Z"));
                let cover = range.cover();
                for (from, until) in [cover.first_hours, cover.last_hours] {
                    assert!(from >= until || from >= range.hours_from, "{range:?}");
                }
            }
        }
    }
}
