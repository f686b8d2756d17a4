//! A key for tests.

use model::Timestamp;
use model::key::Key;

/// The moment that is `seconds` after the creation of the sample key.
pub fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_795_336_200 + seconds)
}

/// An active key that never expires and was never used.
pub fn key() -> Key {
    Key { created_at: moment(0), ..model::testing::key() }
}
