//! How often keys were used: counts by outcome, and the hours and days that make up a range of time.

use crate::id::KeyId;
use crate::stored::Stored;
use crate::string_enum::string_enum;
use crate::time::{DAY_SECONDS, Timestamp};

const HOUR_SECONDS: i64 = 3600;
/// The number of days for which hourly counts are kept. Older counts are per day.
pub const HOURS_KEPT_DAYS: i64 = 31;
/// The default length of a range, in days.
const DAYS_SHOWN: i64 = 30;

string_enum! {
    /// The outcome of presenting a key.
    Outcome {
        /// The key was accepted.
        Valid = "VALID",
        /// The key was revoked.
        Revoked = "REVOKED",
        /// The key had expired.
        Expired = "EXPIRED",
        /// The key was disabled.
        Disabled = "DISABLED",
        /// The key's owner was suspended, disabled or removed.
        OwnerInactive = "OWNER_INACTIVE",
        /// The key lacked a required permission.
        InsufficientPermissions = "INSUFFICIENT_PERMISSIONS",
        /// The key's scopes did not cover the resource.
        OutOfScope = "OUT_OF_SCOPE",
        /// The key had reached its rate limit.
        RateLimited = "RATE_LIMITED",
    }
}

/// The number of requests with each outcome. Outcomes that did not occur are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutcomeCounts(Vec<(Stored<Outcome>, u64)>);

impl OutcomeCounts {
    pub fn add(&mut self, outcome: Stored<Outcome>, n: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, count)) => *count = count.saturating_add(n),
            None => self.0.push((outcome, n)),
        }
        self.0.sort_unstable();
    }

    /// The sum of all counts.
    pub fn total(&self) -> u64 {
        self.0.iter().fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }

    /// The counts in the order of the outcomes. Unknown outcomes come last.
    pub fn iter(&self) -> impl Iterator<Item = (&Stored<Outcome>, u64)> {
        self.0.iter().map(|(outcome, n)| (outcome, *n))
    }
}

/// How often one of several keys was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUsage {
    pub key_id: KeyId,
    pub name: String,
    pub counts: OutcomeCounts,
}

/// How often a key called one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointUsage {
    pub method: String,
    /// The pattern of the route.
    pub path: String,
    pub requests: u64,
    /// The number of responses that were errors.
    pub errors: u64,
}

/// A range of time in whole hours or, where hourly counts are no longer kept, in whole days (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageRange {
    /// Inclusive.
    pub start: Timestamp,
    /// Exclusive.
    pub end: Timestamp,
    /// The moment from which hourly counts are kept, which is the beginning of a day.
    hours_from: Timestamp,
}

/// A span of buckets (hours or days): those that begin at or after the first moment and before the second.
pub type TimeSpan = (Timestamp, Timestamp);

/// The buckets that make up a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Hours before the first whole day, or the entire range if it contains no whole day.
    pub first_hours: TimeSpan,
    pub days: TimeSpan,
    /// Hours after the last whole day.
    pub last_hours: TimeSpan,
}

impl UsageRange {
    /// The requested range, widened to whole hours or days. By default it ends with the current hour and is 30 days
    /// long.
    pub fn new(start: Option<Timestamp>, end: Option<Timestamp>, now: Timestamp) -> Self {
        let hours_from = floor(now.plus_seconds(-HOURS_KEPT_DAYS * DAY_SECONDS), DAY_SECONDS);
        // Without an end, the range includes the current hour.
        let end = end.map_or_else(|| hour_of(now).plus_seconds(HOUR_SECONDS), |end| ceil(end, HOUR_SECONDS));
        let end = if end < hours_from { ceil(end, DAY_SECONDS) } else { end };
        let start = start.unwrap_or_else(|| end.plus_seconds(-DAYS_SHOWN * DAY_SECONDS));
        let unit = if start < hours_from { DAY_SECONDS } else { HOUR_SECONDS };
        let start = floor(start, unit).min(end);
        Self { start, end, hours_from }
    }

    /// The range widened to whole days.
    #[must_use]
    pub fn in_days(self) -> Self {
        Self { start: floor(self.start, DAY_SECONDS), end: ceil(self.end, DAY_SECONDS), ..self }
    }

    /// The fewest buckets that cover the range.
    pub fn cover(self) -> Coverage {
        let Self { start, end, .. } = self;
        let (first_day, last_day) = (ceil(start, DAY_SECONDS), floor(end, DAY_SECONDS));
        if first_day >= last_day {
            return Coverage { first_hours: (start, end), days: (start, start), last_hours: (end, end) };
        }
        Coverage { first_hours: (start, first_day), days: (first_day, last_day), last_hours: (last_day, end) }
    }
}

/// The beginning of the hour that contains the moment.
pub fn hour_of(moment: Timestamp) -> Timestamp {
    floor(moment, HOUR_SECONDS)
}

/// The beginning of the day that contains the moment.
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

    fn stretch(stretch: TimeSpan) -> Option<String> {
        let (from, until) = stretch;
        (from < until).then(|| format!("{from} {until}"))
    }

    #[test]
    fn a_range_is_extended_to_whole_hours_or_days() {
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
    fn a_range_consists_of_hours_days_and_hours() {
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
    fn hours_are_queried_only_where_they_are_stored() {
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
