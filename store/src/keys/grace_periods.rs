//! Earlier secrets and their grace periods.

use model::Timestamp;
use model::id::KeyId;
use model::key::GracePeriod;

use super::row::to_last_use;
use crate::db::{Connection, PerDatabase, Tx, run};
use crate::{Result, decode, hash, invalidations};

/// Stores a replaced secret as valid until a moment. The caller also has to set the key's `rotated_at`, because lists
/// look for earlier secrets only of keys that have it.
pub async fn keep_earlier_secret(
    tx: &mut Tx,
    key: &KeyId,
    hash: &str,
    shown_prefix: &str,
    valid_until: Timestamp,
) -> Result<()> {
    const SQL: &str =
        "INSERT INTO earlier_secrets (key_hash, key_id, shown_prefix, valid_until) VALUES ($1, $2, $3, $4)";
    tx.invalidate(invalidations::secret(hash)?);
    let hash = hash::from_hex(hash)?;
    run!(tx, SQL, [hash.as_slice(), key.as_str(), shown_prefix, valid_until.micros()], execute)?;
    Ok(())
}

/// The valid earlier secrets of some keys, latest end first.
pub async fn grace_periods(
    db: &mut impl Connection,
    keys: &[KeyId],
    now: Timestamp,
) -> Result<Vec<(KeyId, GracePeriod)>> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT key_id, shown_prefix, valid_until, last_used_at, last_used_address, last_used_agent \
            FROM earlier_secrets WHERE key_id IN (SELECT value FROM json_each($1)) AND valid_until > $2 \
            ORDER BY valid_until DESC, key_hash",
        postgres: "SELECT key_id, shown_prefix, valid_until, last_used_at, last_used_address, last_used_agent \
            FROM earlier_secrets WHERE key_id IN (SELECT jsonb_array_elements_text($1::jsonb)) AND valid_until > $2 \
            ORDER BY valid_until DESC, key_hash",
    };
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let ids = decode::to_json(&keys, "keys' ids")?;
    let rows = run!(db, SQL, [&ids, now.micros()], fetch_all::<Row>)?;
    rows.into_iter().map(Row::into_grace_period).collect()
}

/// Ends all earlier secrets of a key at once. Returns how many rows were deleted.
pub async fn end_grace_periods(tx: &mut Tx, key: &KeyId) -> Result<u64> {
    invalidate_grace_periods(tx, key).await?;
    run!(tx, "DELETE FROM earlier_secrets WHERE key_id = $1", [key.as_str()], execute)
}

/// Sets the end of all valid earlier secrets of a key. Returns how many there are.
pub async fn set_grace_period_end(
    tx: &mut Tx,
    key: &KeyId,
    valid_until: Timestamp,
    now: Timestamp,
) -> Result<u64> {
    const SQL: &str = "UPDATE earlier_secrets SET valid_until = $2 WHERE key_id = $1 AND valid_until > $3";
    delete_ended(tx, key, now).await?;
    invalidate_grace_periods(tx, key).await?;
    run!(tx, SQL, [key.as_str(), valid_until.micros(), now.micros()], execute)
}

/// Shortens the grace periods that end after `end`. Returns how many there were.
pub async fn shorten_grace_periods(tx: &mut Tx, key: &KeyId, end: Timestamp, now: Timestamp) -> Result<u64> {
    const SQL: &str = "UPDATE earlier_secrets SET valid_until = $2 \
        WHERE key_id = $1 AND valid_until > $2 AND valid_until > $3";
    delete_ended(tx, key, now).await?;
    invalidate_grace_periods(tx, key).await?;
    run!(tx, SQL, [key.as_str(), end.micros(), now.micros()], execute)
}

/// Deletes the earlier secrets of a key whose grace period is over, so that neither a change of the end nor another
/// clock makes one valid again.
pub(super) async fn delete_ended(tx: &mut Tx, key: &KeyId, now: Timestamp) -> Result<()> {
    const SQL: &str =
        "DELETE FROM earlier_secrets WHERE key_id = $1 AND valid_until <= $2 RETURNING key_hash";
    let ended = run!(tx, SQL, [key.as_str(), now.micros()], fetch_all::<(Vec<u8>,)>)?;
    invalidate_secrets(tx, ended)
}

/// Deletes some earlier secrets whose grace period is over.
pub(super) async fn sweep(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<()> {
    const SQL: &str = "DELETE FROM earlier_secrets WHERE key_hash IN \
        (SELECT e.key_hash FROM earlier_secrets e WHERE e.valid_until <= $1 LIMIT $2) RETURNING key_hash";
    let ended = run!(tx, SQL, [now.micros(), i64::from(limit)], fetch_all::<(Vec<u8>,)>)?;
    invalidate_secrets(tx, ended)
}

/// Invalidates the verdicts on all earlier secrets of a key.
pub(super) async fn invalidate_grace_periods(tx: &mut Tx, key: &KeyId) -> Result<()> {
    const SQL: &str = "SELECT key_hash FROM earlier_secrets WHERE key_id = $1";
    let hashes = run!(tx, SQL, [key.as_str()], fetch_all::<(Vec<u8>,)>)?;
    invalidate_secrets(tx, hashes)
}

/// Invalidates the verdicts on secrets. This includes secrets that have ended: a process that still has one in its
/// cache would accept it again if its clock were set back.
fn invalidate_secrets(tx: &mut Tx, hashes: Vec<(Vec<u8>,)>) -> Result<()> {
    for (hash,) in hashes {
        tx.invalidate(invalidations::secret(&hash::to_hex(&hash))?);
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    key_id: String,
    shown_prefix: String,
    valid_until: i64,
    last_used_at: Option<i64>,
    last_used_address: Option<String>,
    last_used_agent: Option<String>,
}

impl Row {
    fn into_grace_period(self) -> Result<(KeyId, GracePeriod)> {
        let Self { key_id, shown_prefix, valid_until, last_used_at, last_used_address, last_used_agent } =
            self;
        let grace = GracePeriod {
            shown_prefix,
            valid_until: Timestamp::from_micros(valid_until),
            last_use: to_last_use(last_used_at, last_used_address, last_used_agent),
        };
        Ok((decode::text(key_id, "a key's id")?, grace))
    }
}
