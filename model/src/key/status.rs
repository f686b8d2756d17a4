//! The status of a key on the wire: one of three words.

use crate::string_enum::string_enum;
use crate::time::{DAY_SECONDS, Timestamp};

/// A key expires soon if less than this is left: 14 days.
pub const SOON_SECONDS: i64 = 14 * DAY_SECONDS;
/// A key counts as unused after this: 90 days.
pub const UNUSED_SECONDS: i64 = 90 * DAY_SECONDS;

string_enum! {
    /// The status of a key. No request changes `revoked` or `expired`.
    KeyStatus {
        /// Works.
        Active = "active",
        /// Ended by a person or a program, or together with its owner.
        Revoked = "revoked",
        /// Ended by its expiry, which follows the clock: a clock that was set wrong ends no key for good.
        Expired = "expired",
    }
}

impl KeyStatus {
    /// The status of a key at a moment. `has_ended` means that it has expired for good, whatever the clock says.
    pub fn at(now: Timestamp, is_revoked: bool, has_ended: bool, expires_at: Option<Timestamp>) -> Self {
        if is_revoked {
            Self::Revoked
        } else if has_ended || expires_at.is_some_and(|end| end <= now) {
            Self::Expired
        } else {
            Self::Active
        }
    }
}
