//! Expiry flags: whether a key expires soon, and whether it has not been used for long. The sweep stores them, so that
//! lists can find such keys by an index in every order, and totals can count them.

use model::Timestamp;
use model::key::{Key, SOON_SECONDS, UNUSED_SECONDS};

/// How far past its limit a value has to be before a flag is cleared again, in microseconds. Without this, processes
/// whose clocks differ a little would keep setting and clearing the flag.
pub(super) const SLACK_MICROS: i64 = 3_600_000_000;

/// The stored flags of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct ExpiryFlags {
    pub is_expiring: bool,
    pub is_unused: bool,
}

impl ExpiryFlags {
    /// The correct flags of a key.
    pub fn of(key: &Key, moments: &FlagTimes) -> Self {
        let last = key.last_use.as_ref().map_or(key.created_at, |used| used.at);
        Self {
            is_expiring: key.fields.expires_at.is_some_and(|end| end.micros() < moments.soon),
            is_unused: last.micros() <= moments.unused,
        }
    }
}

/// The moments that decide about the flags, in microseconds.
pub(super) struct FlagTimes {
    pub now: i64,
    /// A key that expires before this moment expires soon.
    pub soon: i64,
    /// A key that was last used at or before this moment, or created then and never used, is unused.
    pub unused: i64,
}

impl FlagTimes {
    pub fn at(now: Timestamp) -> Self {
        Self {
            now: now.micros(),
            soon: now.plus_seconds(SOON_SECONDS).micros(),
            unused: now.plus_seconds(-UNUSED_SECONDS).micros(),
        }
    }
}

/// Selects keys whose flag is wrong at a moment, in the order of the index that was made for them. Without the order,
/// PostgreSQL would choose another index and read every key if it expected many of them.
macro_rules! due {
    (soon, $moment:literal, $limit:literal) => {
        $crate::keys::expiry_flags::due!(@ "d.is_expiring = FALSE AND d.expires_at < ", $moment, "d.expires_at", $limit)
    };
    (not_soon, $moment:literal, $limit:literal) => {
        $crate::keys::expiry_flags::due!(@ "d.is_expiring = TRUE AND d.expires_at >= ", $moment, "d.expires_at", $limit)
    };
    (unused, $moment:literal, $limit:literal) => {
        $crate::keys::expiry_flags::due!(@ "d.is_unused = FALSE AND COALESCE(d.last_used_at, d.created_at) <= ", $moment,
            "COALESCE(d.last_used_at, d.created_at)", $limit)
    };
    (used, $moment:literal, $limit:literal) => {
        $crate::keys::expiry_flags::due!(@ "d.is_unused = TRUE AND COALESCE(d.last_used_at, d.created_at) > ", $moment,
            "COALESCE(d.last_used_at, d.created_at)", $limit)
    };
    // Excludes keys that were ended by an owner revocation: a batch revokes them, each with its audit record.
    (ended, $moment:literal, $limit:literal) => {
        $crate::keys::expiry_flags::due!(@ "d.is_expiring = TRUE AND d.expires_at <= ", $moment,
            concat!(" AND NOT (", $crate::keys::ended::is_ended!("d"), ")"), "d.expires_at", $limit)
    };
    (@ $condition:literal, $moment:literal, $order:literal, $limit:literal) => {
        $crate::keys::expiry_flags::due!(@ $condition, $moment, "", $order, $limit)
    };
    (@ $condition:literal, $moment:literal, $and:expr, $order:literal, $limit:literal) => {
        concat!(
            "SELECT d.key_id FROM keys d WHERE d.status = 'active' AND ",
            $condition,
            $moment,
            $and,
            " ORDER BY ",
            $order,
            ", d.key_id LIMIT ",
            $limit
        )
    };
}

pub(super) use due;

/// Changes the keys that are due. Each key is changed once even if several sweeps run concurrently: on PostgreSQL rows
/// are locked. The array keeps PostgreSQL from reading all keys if it expects many to be due. SQLite has one writer.
macro_rules! change_due {
    ($change:expr, $due:ident, $returning:expr) => {
        $crate::db::PerDatabase {
            sqlite: concat!(
                $change,
                "key_id IN (",
                $crate::keys::expiry_flags::due!($due, "$1", "$2"),
                ")",
                $returning
            ),
            postgres: concat!(
                $change,
                "key_id = ANY (ARRAY(",
                $crate::keys::expiry_flags::due!($due, "$1", "$2"),
                " FOR UPDATE))",
                $returning
            ),
        }
    };
}

pub(super) use change_due;
