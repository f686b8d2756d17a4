//! Deletes old usage counts.

use model::Timestamp;

use crate::Result;
use crate::db::{Tx, run};

/// Deletes hours and days that began before a moment, at most `most` rows of each table. Returns how many.
pub async fn sweep(tx: &mut Tx, hours_before: Timestamp, days_before: Timestamp, most: u32) -> Result<u64> {
    const HOURS: &str = "DELETE FROM usage_hours WHERE (subject_id, starts_at, outcome) IN \
        (SELECT subject_id, starts_at, outcome FROM usage_hours WHERE starts_at < $1 LIMIT $2)";
    const DAYS: &str = "DELETE FROM usage_days WHERE (subject_id, starts_at, outcome) IN \
        (SELECT subject_id, starts_at, outcome FROM usage_days WHERE starts_at < $1 LIMIT $2)";
    const ENDPOINTS: &str = "DELETE FROM usage_endpoints WHERE (key_id, starts_at, method, path) IN \
        (SELECT key_id, starts_at, method, path FROM usage_endpoints WHERE starts_at < $1 LIMIT $2)";
    let mut removed = 0;
    for (sql, before) in [(HOURS, hours_before), (DAYS, days_before), (ENDPOINTS, days_before)] {
        removed += run!(tx, sql, [before.micros(), i64::from(most)], execute)?;
    }
    Ok(removed)
}
