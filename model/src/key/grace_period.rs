//! Rotation and revocation of keys, and the grace periods of earlier secrets.

use crate::field::{FieldError, FieldErrors, Rule};
use crate::text::check_paragraph;
use crate::time::{DAY_SECONDS, Timestamp};

use super::LastUse;

/// Longest grace period of an earlier secret: 30 days.
pub const GRACE_SECONDS_MAX: i64 = 30 * DAY_SECONDS;
/// Longest reason for a revocation, in characters.
const REASON_LENGTH_MAX: usize = 500;

/// An earlier secret that still works.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GracePeriod {
    /// The first characters of the earlier secret.
    pub shown_prefix: String,
    /// Exclusive.
    pub valid_until: Timestamp,
    /// When the earlier secret was last used since the rotation, or up to a few seconds before it.
    pub last_use: Option<LastUse>,
}

/// Unchecked input for a rotation.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct RotateDraft {
    /// How long the earlier secret stays valid, in seconds. It ends at once when absent.
    pub grace_period_seconds: Option<i64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotation {
    grace_seconds: i64,
}

impl RotateDraft {
    /// Checks that the grace period is between 0 and 30 days.
    pub fn check(&self) -> Result<Rotation, FieldErrors> {
        let mut errors = FieldErrors::default();
        let seconds = self.grace_period_seconds.unwrap_or(0);
        let result = match seconds {
            ..0 => Err(FieldError::new(Rule::GreaterThanEqual, "Use 0 seconds or more.")),
            0..=GRACE_SECONDS_MAX => Ok(Rotation { grace_seconds: seconds }),
            _ => Err(FieldError::new(Rule::LessThanEqual, "Use at most 2592000 seconds, which is 30 days.")),
        };
        let rotation = errors.take("grace_period_seconds", result);
        errors.or(rotation)
    }
}

impl Rotation {
    /// When the earlier secret ends, which is never later than the key itself. `None` if it ends at once.
    pub fn valid_until(self, expires_at: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
        let end = now.plus_seconds(self.grace_seconds);
        let end = expires_at.map_or(end, |expiry| expiry.min(end));
        (self.grace_seconds > 0 && end > now).then_some(end)
    }
}

/// Unchecked input for a revocation.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct RevokeDraft {
    /// Tells colleagues why the key was revoked.
    pub reason: Option<String>,
}

impl RevokeDraft {
    /// Checks the reason and returns it.
    pub fn check(&self) -> Result<String, FieldErrors> {
        let mut errors = FieldErrors::default();
        let reason = self.reason.clone().unwrap_or_default();
        let checked = errors.take("reason", check_paragraph(&reason, REASON_LENGTH_MAX));
        errors.or(checked.map(|()| reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rotation(seconds: i64) -> Rotation {
        RotateDraft { grace_period_seconds: Some(seconds) }.check().unwrap()
    }

    #[test]
    fn a_grace_period_has_a_maximum() {
        for (seconds, rule) in [(-1, Rule::GreaterThanEqual), (GRACE_SECONDS_MAX + 1, Rule::LessThanEqual)] {
            let errors = RotateDraft { grace_period_seconds: Some(seconds) }.check().unwrap_err();
            assert_eq!(errors.iter().next().map(|e| e.rule), Some(rule));
        }
    }

    #[test]
    fn a_grace_period_never_outlasts_the_key() {
        let now = Timestamp::from_seconds(1000);
        let expiry = Some(now.plus_seconds(60));
        assert_eq!(rotation(3600).valid_until(expiry, now), expiry);
        assert_eq!(rotation(30).valid_until(expiry, now), Some(now.plus_seconds(30)));
        assert_eq!(rotation(0).valid_until(None, now), None);
        assert_eq!(rotation(30).valid_until(Some(now), now), None);
    }
}
