//! Timestamps: microseconds since 1970 in UTC internally, RFC 3339 on the wire.

use std::fmt;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::field::{FieldError, Rule};

pub const DAY_SECONDS: i64 = 86_400;
/// The difference between the clocks of two servers that is tolerated, in seconds. A time that lies further in the
/// future was written by a server whose clock was wrong.
pub const CLOCK_SKEW_SECONDS: i64 = 300;

const MICROS: i64 = 1_000_000;
/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z, the limits of [`Timestamp`]. RFC 3339 allows no later year.
const EARLIEST: i64 = -62_135_596_800 * MICROS;
const LATEST: i64 = 253_402_300_800 * MICROS - 1;

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

/// The text is not a date and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 date and time")]
pub struct NotATime;

impl Timestamp {
    /// The end of the year 9999, the last moment that RFC 3339 can represent.
    pub const MAX: Self = Self(LATEST);

    /// Clamps to the years 1 to 9999.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(EARLIEST, LATEST))
    }

    /// Clamps to the years 1 to 9999.
    pub fn from_seconds(seconds: i64) -> Self {
        Self::from_micros(seconds.saturating_mul(MICROS))
    }

    /// Microseconds since 1970.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS)
    }

    /// The moment this many seconds later, or earlier if negative.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.0.saturating_add(seconds.saturating_mul(MICROS)))
    }

    /// Whole seconds from `earlier` to this moment, rounded down.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(MICROS)
    }

    /// Reads RFC 3339 with any offset. Without an offset the time is taken as UTC, because published clients send such
    /// times. A date alone means its first moment in UTC. A space or a lowercase `t` may replace the `T`. Digits beyond
    /// microseconds are cut off.
    pub fn parse(text: &str) -> Result<Self, NotATime> {
        if text.len() > 64 || !text.is_ascii() {
            return Err(NotATime);
        }
        let text = text.replacen(' ', "T", 1).to_ascii_uppercase();
        // The library accepts any character between date and time.
        if text.as_bytes().get("2026-11-22".len()).is_some_and(|separator| *separator != b'T') {
            return Err(NotATime);
        }
        let moment = OffsetDateTime::parse(&text, &Rfc3339)
            .or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339))
            // The form of a browser's date-time field, which has no seconds.
            .or_else(|_| OffsetDateTime::parse(&format!("{text}:00Z"), &Rfc3339))
            .or_else(|_| OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339))
            .map_err(|_| NotATime)?;
        let micros = i64::try_from(moment.unix_timestamp_nanos().div_euclid(1000)).map_err(|_| NotATime)?;
        if (EARLIEST..=LATEST).contains(&micros) { Ok(Self(micros)) } else { Err(NotATime) }
    }

    /// `2026-11-22T08:30:00Z`, with up to six decimals where needed.
    pub fn to_rfc3339(self) -> String {
        self.date_time().format(&Rfc3339).unwrap_or_default()
    }

    /// `22 Nov 2026, 08:30 UTC`, for people.
    pub fn to_text(self) -> String {
        let at = self.date_time();
        let month = at.month().to_string();
        // Formatted without the library's format descriptions here and below, because those add 20 KB to the browser
        // download.
        format!(
            "{} {} {:04}, {:02}:{:02} UTC",
            at.day(),
            month.get(..3).unwrap_or(&month),
            at.year(),
            at.hour(),
            at.minute()
        )
    }

    /// `2026-11-22T08:30` in UTC, for a browser's date-time field.
    pub fn to_field(self) -> String {
        let at = self.date_time();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute()
        )
    }

    fn date_time(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// Checks that a range ends after it starts, if both ends are given.
pub fn check_range(from: Option<Timestamp>, until: Option<Timestamp>) -> Result<(), FieldError> {
    match (from, until) {
        (Some(from), Some(until)) if until <= from => {
            Err(FieldError::new(Rule::ValueError, "Use a time after the start."))
        }
        _ => Ok(()),
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl TryFrom<String> for Timestamp {
    type Error = NotATime;
    fn try_from(text: String) -> Result<Self, NotATime> {
        Self::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(moment: Timestamp) -> Self {
        moment.to_rfc3339()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_offset_becomes_utc_and_none_means_utc() {
        let expected = Ok(Timestamp::from_seconds(1_795_336_200));
        for text in [
            "2026-11-22T08:30:00Z",
            "2026-11-22T08:30:00",
            "2026-11-22 08:30:00",
            "2026-11-22T08:30",
            "2026-11-22t08:30:00z",
            "2026-11-22T10:30:00+02:00",
            "2026-11-22T08:30:00.000000+00:00",
            "2026-11-22T08:30:00.0000009Z",
        ] {
            assert_eq!(Timestamp::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn a_date_alone_is_its_first_moment_in_utc() {
        assert_eq!(Timestamp::parse("2027-12-31"), Timestamp::parse("2027-12-31T00:00:00Z"));
        for text in ["2027-12-31Z", "2027-12-31+01:00", "2027-12", "20271231", "2027-02-30", "31-12-2027"] {
            assert_eq!(Timestamp::parse(text), Err(NotATime), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_date_and_time_is_refused() {
        for text in [
            "",
            "tomorrow",
            "2026-11-22T08",
            "2026-11-22_08:30:00Z",
            "2026-11-22+08:30",
            "2026-11-22T08:3",
            "2026-13-22T08:30:00Z",
            "1795336200",
            "2026-11-22T08:30:00Zé",
        ] {
            assert_eq!(Timestamp::parse(text), Err(NotATime), "{text}");
        }
    }

    #[test]
    fn a_time_keeps_its_microseconds_on_the_wire() {
        let moment = Timestamp::from_micros(1_795_336_200_123_456);
        assert_eq!(moment.to_rfc3339(), "2026-11-22T08:30:00.123456Z");
        assert_eq!(Timestamp::parse(&moment.to_rfc3339()), Ok(moment));
        assert_eq!(moment.to_text(), "22 Nov 2026, 08:30 UTC");
        assert_eq!(moment.to_field(), "2026-11-22T08:30");
    }
}
