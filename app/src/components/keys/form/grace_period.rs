//! The grace period as a form offers it: how long the earlier secret of a rotated key keeps working.

use model::Timestamp;
use model::key::{RotateDraft, Rotation};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The grace periods offered: seconds and label.
pub const GRACE_PERIODS_OFFERED: [(i64, &str); 5] =
    [(0, "Now"), (15 * MINUTE, "15 minutes"), (HOUR, "1 hour"), (DAY, "24 hours"), (7 * DAY, "7 days")];

/// The form's value for a grace period that is typed as a number and a unit.
pub const CUSTOM: &str = "custom";

/// The seconds that a form asks for: one of the offered values, or a number and its unit. Text that is not a number
/// gives -1, which the check refuses.
pub fn seconds(choice: &str, number: &str, unit: &str) -> i64 {
    if choice != CUSTOM {
        return choice.parse().unwrap_or(0);
    }
    let unit = match unit {
        "minutes" => MINUTE,
        "hours" => HOUR,
        _ => DAY,
    };
    number.trim().parse::<i64>().map_or(-1, |number| number.saturating_mul(unit))
}

/// Says at which moment the earlier secret will stop working.
pub fn sentence(rotation: Rotation, expires_at: Option<Timestamp>, now: Timestamp) -> String {
    match rotation.valid_until(expires_at, now) {
        None => "The old secret stops working at once.".to_owned(),
        Some(until) if Some(until) == expires_at => {
            format!("The old secret works until {}, when the key itself expires.", until.to_text())
        }
        Some(until) => format!("The old secret works until {}.", until.to_text()),
    }
}

pub fn draft(choice: &str, number: &str, unit: &str) -> RotateDraft {
    RotateDraft { grace_period_seconds: Some(seconds(choice, number, unit)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_becomes_seconds() {
        for (choice, number, unit, expected) in [
            ("0", "", "", 0),
            ("900", "5", "days", 900),
            ("junk", "", "", 0),
            (CUSTOM, "30", "minutes", 1800),
            (CUSTOM, " 2 ", "hours", 7200),
            (CUSTOM, "3", "days", 259_200),
            (CUSTOM, "", "days", -1),
            (CUSTOM, "9223372036854775807", "days", i64::MAX),
        ] {
            assert_eq!(seconds(choice, number, unit), expected, "{choice} {number} {unit}");
        }
    }

    #[test]
    fn the_sentence_says_when_the_old_secret_ends() {
        let now = Timestamp::parse("2026-11-22T08:30:00Z").unwrap();
        let said = |seconds, expiry| {
            let draft = RotateDraft { grace_period_seconds: Some(seconds) };
            sentence(draft.check().unwrap(), expiry, now)
        };
        assert_eq!(said(0, None), "The old secret stops working at once.");
        assert_eq!(said(HOUR, None), "The old secret works until 22 Nov 2026, 09:30 UTC.");
        assert!(said(DAY, Some(now.plus_seconds(HOUR))).ends_with("09:30 UTC, when the key itself expires."));
    }
}
