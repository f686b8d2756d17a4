//! Idempotency records: encrypted responses that are stored for a while, so that a repeated request gets the same
//! response.

use model::Timestamp;

use crate::Result;
use crate::db::{Connection, Tx, run};

/// A request that has been leased, and its response once there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// The hash of the whole request.
    pub fingerprint: Vec<u8>,
    /// The encrypted response. `None` while the request is being carried out.
    pub sealed: Option<Vec<u8>>,
    /// When the record expires and the idempotency key can be used again.
    pub expires_at: Timestamp,
}

/// Takes the lease on a request. If several callers try at once, only one succeeds. Leases and responses that have
/// expired do not count.
pub async fn acquire(
    tx: &mut Tx,
    id: &[u8; 32],
    fingerprint: &[u8; 32],
    lease: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool> {
    const FREE: &str = "DELETE FROM kept_answers WHERE answer_id = $1 AND expires_at <= $2";
    const ACQUIRE: &str = "INSERT INTO kept_answers (answer_id, fingerprint, claim, expires_at) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (answer_id) DO NOTHING";
    run!(tx, FREE, [id.as_slice(), now.micros()], execute)?;
    let values =
        run!(tx, ACQUIRE, [id.as_slice(), fingerprint.as_slice(), lease, expires_at.micros()], execute)?;
    Ok(values > 0)
}

pub async fn find(db: &mut impl Connection, id: &[u8; 32]) -> Result<Option<IdempotencyRecord>> {
    const SQL: &str = "SELECT fingerprint, sealed, expires_at FROM kept_answers WHERE answer_id = $1";
    let row = run!(db, SQL, [id.as_slice()], fetch_optional::<(Vec<u8>, Option<Vec<u8>>, i64)>)?;
    Ok(row.map(|(fingerprint, sealed, expires_at)| IdempotencyRecord {
        fingerprint,
        sealed,
        expires_at: Timestamp::from_micros(expires_at),
    }))
}

/// Stores the response, in the transaction of the change that it reports. Returns false if the lease was lost or has
/// expired.
pub async fn complete(
    tx: &mut Tx,
    id: &[u8; 32],
    lease: &str,
    sealed: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool> {
    const SQL: &str = "UPDATE kept_answers SET sealed = $3, expires_at = $4 \
        WHERE answer_id = $1 AND claim = $2 AND sealed IS NULL AND expires_at > $5";
    Ok(run!(tx, SQL, [id.as_slice(), lease, sealed, expires_at.micros(), now.micros()], execute)? > 0)
}

/// Gives up a lease that has no response yet.
pub async fn release(tx: &mut Tx, id: &[u8; 32], lease: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM kept_answers WHERE answer_id = $1 AND claim = $2 AND sealed IS NULL";
    run!(tx, SQL, [id.as_slice(), lease], execute)?;
    Ok(())
}

/// Deletes some expired records, and some that expire after `latest`. A server whose clock was ahead wrote the latter,
/// and without this they would be kept for too long. Returns the number of deleted records.
pub async fn sweep(tx: &mut Tx, now: Timestamp, latest: Timestamp, most: u32) -> Result<u64> {
    const ENDED: &str = "DELETE FROM kept_answers WHERE answer_id IN \
        (SELECT answer_id FROM kept_answers WHERE expires_at <= $1 LIMIT $2)";
    const TOO_LATE: &str = "DELETE FROM kept_answers WHERE answer_id IN \
        (SELECT answer_id FROM kept_answers WHERE expires_at > $1 LIMIT $2)";
    let ended = run!(tx, ENDED, [now.micros(), i64::from(most)], execute)?;
    Ok(ended + run!(tx, TOO_LATE, [latest.micros(), i64::from(most)], execute)?)
}
