//! The status of a key in the console. If several of the six apply, it is the most urgent one.

use crate::time::Timestamp;

use super::status::SOON_SECONDS;
use super::{GracePeriod, Key};

/// The status that the console shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShownStatus {
    Revoked {
        at: Timestamp,
    },
    Expired {
        at: Timestamp,
    },
    Disabled {
        at: Timestamp,
    },
    /// Expires within [`SOON_SECONDS`].
    ExpiresSoon {
        at: Timestamp,
    },
    /// An earlier secret still works.
    InGrace {
        /// The latest end of all grace periods.
        until: Timestamp,
    },
    Active,
}

impl ShownStatus {
    /// The most urgent status of a key.
    pub fn of(key: &Key, grace_periods: &[GracePeriod], now: Timestamp) -> Self {
        if let Some(revocation) = &key.revoked {
            return Self::Revoked { at: revocation.at };
        }
        if let Some(at) = key.fields.expires_at.filter(|end| key.ended_at.is_some() || *end <= now) {
            return Self::Expired { at };
        }
        if let Some(disabling) = &key.disabled {
            return Self::Disabled { at: disabling.at };
        }
        if let Some(at) = key.fields.expires_at.filter(|end| end.seconds_since(now) < SOON_SECONDS) {
            return Self::ExpiresSoon { at };
        }
        match grace_periods.iter().map(|grace| grace.valid_until).filter(|until| *until > now).max() {
            Some(until) => Self::InGrace { until },
            None => Self::Active,
        }
    }

    /// The label next to the icon.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Revoked { .. } => "Revoked",
            Self::Expired { .. } => "Expired",
            Self::Disabled { .. } => "Disabled",
            Self::ExpiresSoon { .. } => "Expires soon",
            Self::InGrace { .. } => "In grace",
            Self::Active => "Active",
        }
    }

    /// An explanation in one sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Revoked { at } => format!("Revoked on {}. A revoked key never works again.", at.to_text()),
            Self::Expired { at } => format!("Expired on {}.", at.to_text()),
            Self::Disabled { at } => {
                format!("Disabled since {}. It can be enabled again.", at.to_text())
            }
            Self::ExpiresSoon { at } => format!("Expires on {}.", at.to_text()),
            Self::InGrace { until } => format!("The old secret also works until {}.", until.to_text()),
            Self::Active => "Works.".to_owned(),
        }
    }
}

impl Key {
    /// The one status that the console shows, which is the most urgent one.
    pub fn shown_status(&self, grace_periods: &[GracePeriod], now: Timestamp) -> ShownStatus {
        ShownStatus::of(self, grace_periods, now)
    }
}
