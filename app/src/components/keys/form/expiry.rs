//! The expiry of a key as the form offers it, and the sentence that names the exact moment.

use model::Timestamp;
use model::time::DAY_SECONDS;

/// The lifetimes offered, in days.
pub const DAYS_OFFERED: [i64; 5] = [7, 30, 60, 90, 365];
/// The lifetime selected at first, in days.
const DAYS_STANDARD: i64 = 90;
/// The form warns of a lifetime shorter than this.
const SHORT_SECONDS: i64 = 3600;

/// A choice in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryChoice {
    /// This many days from now.
    Days(i64),
    /// At the moment in the date field.
    At,
    /// The key does not expire.
    Never,
}

impl ExpiryChoice {
    /// The choice as the value of a form field.
    pub fn to_value(self) -> String {
        match self {
            Self::Days(days) => days.to_string(),
            Self::At => "at".to_owned(),
            Self::Never => "never".to_owned(),
        }
    }

    /// Parses the value of a form field. An unknown value gives the default.
    pub fn from_value(value: &str) -> Self {
        match value {
            "at" => Self::At,
            "never" => Self::Never,
            digits => digits
                .parse()
                .ok()
                .filter(|days| DAYS_OFFERED.contains(days))
                .map_or_else(Self::default, Self::Days),
        }
    }

    pub fn label(self) -> String {
        match self {
            Self::Days(days) => format!("{days} days"),
            Self::At => "On a date…".to_owned(),
            Self::Never => "Never".to_owned(),
        }
    }

    /// The moment to send, in RFC 3339; `None` for never. The text of the date `field` is sent as typed, so that the
    /// check reports what is wrong with it.
    pub fn to_draft(self, field: &str, now: Timestamp) -> Option<String> {
        match self {
            Self::Days(days) => {
                Some(Timestamp::from_seconds(now.seconds() + days * DAY_SECONDS).to_rfc3339())
            }
            Self::At => Some(field.to_owned()),
            Self::Never => None,
        }
    }
}

impl Default for ExpiryChoice {
    fn default() -> Self {
        Self::Days(DAYS_STANDARD)
    }
}

/// The sentence that the form shows below the choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpirySentence {
    /// Names the exact moment with its time zone, unless the key never expires.
    pub text: String,
    /// Whether the choice is so unusual that the form warns of it.
    pub is_warning: bool,
}

/// The sentence for a key that expires at `end`; `None` stands for never. Returns `None` if `end` is not a moment in
/// the future. The form then shows the error of the check.
pub fn sentence(end: Option<&str>, now: Timestamp) -> Option<ExpirySentence> {
    let Some(end) = end else {
        return Some(ExpirySentence {
            text:
                "The key works until someone revokes it. Anyone who finds it can use it, even years from now."
                    .into(),
            is_warning: true,
        });
    };
    let end = Timestamp::parse(end).ok().filter(|end| *end > now)?;
    let left = end.seconds_since(now);
    Some(if left < SHORT_SECONDS {
        let minutes = (left / 60).max(1);
        let unit = if minutes == 1 { "minute" } else { "minutes" };
        ExpirySentence {
            text: format!("Expires on {}. It works for only {minutes} {unit}.", end.to_text()),
            is_warning: true,
        }
    } else {
        ExpirySentence { text: format!("Expires on {}.", end.to_text()), is_warning: false }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-22T08:30:15.25Z").unwrap()
    }

    #[test]
    fn a_value_can_be_parsed_again_and_an_unknown_value_gives_the_default() {
        for choice in [ExpiryChoice::Days(7), ExpiryChoice::Days(365), ExpiryChoice::At, ExpiryChoice::Never]
        {
            assert_eq!(ExpiryChoice::from_value(&choice.to_value()), choice);
        }
        for value in ["", "8", "-7", "tomorrow"] {
            assert_eq!(ExpiryChoice::from_value(value), ExpiryChoice::Days(90), "{value}");
        }
    }

    #[test]
    fn days_become_a_moment_and_a_date_is_sent_as_typed() {
        assert_eq!(ExpiryChoice::Days(7).to_draft("", now()).as_deref(), Some("2026-11-29T08:30:15Z"));
        assert_eq!(ExpiryChoice::At.to_draft("2027-01-31T12:00", now()).as_deref(), Some("2027-01-31T12:00"));
        assert_eq!(ExpiryChoice::Never.to_draft("2027-01-31T12:00", now()), None);
    }

    #[test]
    fn the_sentence_warns_of_less_than_an_hour_and_of_never() {
        for (end, text, is_warning) in [
            (Some("2026-12-22T08:30:00Z"), "Expires on 22 Dec 2026, 08:30 UTC.", false),
            (
                Some("2026-11-22T10:30:00+01:00"),
                "Expires on 22 Nov 2026, 09:30 UTC. It works for only 59 minutes.",
                true,
            ),
            (
                Some("2026-11-22T08:30:20Z"),
                "Expires on 22 Nov 2026, 08:30 UTC. It works for only 1 minute.",
                true,
            ),
        ] {
            let expected = ExpirySentence { text: text.into(), is_warning };
            assert_eq!(sentence(end, now()), Some(expected));
        }
        assert!(sentence(None, now()).is_some_and(|sentence| sentence.is_warning));
        for end in ["", "soon", "2026-11-22T08:30:15Z"] {
            assert_eq!(sentence(Some(end), now()), None, "{end}");
        }
    }
}
