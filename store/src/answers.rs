//! Answers that are kept for a while, sealed, so that a repeated request gets the same one.

use model::Timestamp;

use crate::Result;
use crate::db::{Connection, Tx, run};

/// A request that somebody has claimed, and its answer once there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The hash of all that was sent.
    pub fingerprint: Vec<u8>,
    /// The sealed answer; nothing while the request is being answered.
    pub sealed: Option<Vec<u8>>,
    /// When it is in nobody's way any more.
    pub expires_at: Timestamp,
}

/// Claims a request for the one who is going to answer it. Of several who try at once one succeeds; a claim and an answer
/// whose time has passed are in nobody's way.
pub async fn claim(
    tx: &mut Tx,
    id: &[u8; 32],
    fingerprint: &[u8; 32],
    claim: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool> {
    const FREE: &str = "DELETE FROM kept_answers WHERE answer_id = $1 AND expires_at <= $2";
    const CLAIM: &str = "INSERT INTO kept_answers (answer_id, fingerprint, claim, expires_at) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (answer_id) DO NOTHING";
    run!(tx, FREE, [id.as_slice(), now.micros()], execute)?;
    let values =
        run!(tx, CLAIM, [id.as_slice(), fingerprint.as_slice(), claim, expires_at.micros()], execute)?;
    Ok(values > 0)
}

/// What there is of a request.
pub async fn find(db: &mut impl Connection, id: &[u8; 32]) -> Result<Option<Kept>> {
    const SQL: &str = "SELECT fingerprint, sealed, expires_at FROM kept_answers WHERE answer_id = $1";
    let row = run!(db, SQL, [id.as_slice()], fetch_optional::<(Vec<u8>, Option<Vec<u8>>, i64)>)?;
    Ok(row.map(|(fingerprint, sealed, expires_at)| Kept {
        fingerprint,
        sealed,
        expires_at: Timestamp::from_micros(expires_at),
    }))
}

/// Keeps the answer, in the transaction of what it tells of; false if the claim was lost meanwhile, or has ended.
pub async fn complete(
    tx: &mut Tx,
    id: &[u8; 32],
    claim: &str,
    sealed: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool> {
    const SQL: &str = "UPDATE kept_answers SET sealed = $3, expires_at = $4 \
        WHERE answer_id = $1 AND claim = $2 AND sealed IS NULL AND expires_at > $5";
    Ok(run!(tx, SQL, [id.as_slice(), claim, sealed, expires_at.micros(), now.micros()], execute)? > 0)
}

/// Gives a claim up that has no answer.
pub async fn release(tx: &mut Tx, id: &[u8; 32], claim: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM kept_answers WHERE answer_id = $1 AND claim = $2 AND sealed IS NULL";
    run!(tx, SQL, [id.as_slice(), claim], execute)?;
    Ok(())
}

/// Removes some of those whose time has passed, and some that end after the latest moment that there can be: a clock that
/// was ahead made them, and they would be kept for as long. Says how many.
pub async fn sweep(tx: &mut Tx, now: Timestamp, latest: Timestamp, most: u32) -> Result<u64> {
    const ENDED: &str = "DELETE FROM kept_answers WHERE answer_id IN \
        (SELECT answer_id FROM kept_answers WHERE expires_at <= $1 LIMIT $2)";
    const TOO_LATE: &str = "DELETE FROM kept_answers WHERE answer_id IN \
        (SELECT answer_id FROM kept_answers WHERE expires_at > $1 LIMIT $2)";
    let ended = run!(tx, ENDED, [now.micros(), i64::from(most)], execute)?;
    Ok(ended + run!(tx, TOO_LATE, [latest.micros(), i64::from(most)], execute)?)
}
