//! Earlier secrets that stay valid for a time.

use model::Timestamp;
use model::id::KeyId;
use model::key::Grace;

use super::row::to_last_use;
use crate::db::{Connection, Pair, Tx, run};
use crate::{Result, changes, decode, hash};

/// Keeps a replaced secret valid until a moment. Lists look for earlier secrets of keys that have a `rotated_at` only.
pub async fn retire_secret(
    tx: &mut Tx,
    key: &KeyId,
    hash: &str,
    shown_prefix: &str,
    valid_until: Timestamp,
) -> Result<()> {
    const SQL: &str =
        "INSERT INTO earlier_secrets (key_hash, key_id, shown_prefix, valid_until) VALUES ($1, $2, $3, $4)";
    tx.touch(changes::secret(hash)?);
    let hash = hash::from_hex(hash)?;
    run!(tx, SQL, [hash.as_slice(), key.as_str(), shown_prefix, valid_until.micros()], execute)?;
    Ok(())
}

/// The earlier secrets of some keys that are still valid, the one that ends last first.
pub async fn graces(db: &mut impl Connection, keys: &[KeyId], now: Timestamp) -> Result<Vec<(KeyId, Grace)>> {
    const SQL: Pair = Pair {
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
    rows.into_iter().map(Row::into_grace).collect()
}

/// Ends all earlier secrets of a key at once; says how many there were.
pub async fn end_graces(tx: &mut Tx, key: &KeyId) -> Result<u64> {
    touch_graces(tx, key).await?;
    run!(tx, "DELETE FROM earlier_secrets WHERE key_id = $1", [key.as_str()], execute)
}

/// Lets all earlier secrets of a key that have not ended yet end at a moment; says how many there are.
pub async fn set_grace_end(tx: &mut Tx, key: &KeyId, valid_until: Timestamp, now: Timestamp) -> Result<u64> {
    const SQL: &str = "UPDATE earlier_secrets SET valid_until = $2 WHERE key_id = $1 AND valid_until > $3";
    forget_ended(tx, key, now).await?;
    touch_graces(tx, key).await?;
    run!(tx, SQL, [key.as_str(), valid_until.micros(), now.micros()], execute)
}

/// Lets no earlier secret of a key outlive a moment; says how many would have.
pub async fn shorten_graces(tx: &mut Tx, key: &KeyId, end: Timestamp, now: Timestamp) -> Result<u64> {
    const SQL: &str = "UPDATE earlier_secrets SET valid_until = $2 \
        WHERE key_id = $1 AND valid_until > $2 AND valid_until > $3";
    forget_ended(tx, key, now).await?;
    touch_graces(tx, key).await?;
    run!(tx, SQL, [key.as_str(), end.micros(), now.micros()], execute)
}

/// Forgets the earlier secrets of a key that have ended, so that no later change of an end and no other clock brings one
/// back.
pub(super) async fn forget_ended(tx: &mut Tx, key: &KeyId, now: Timestamp) -> Result<()> {
    const SQL: &str =
        "DELETE FROM earlier_secrets WHERE key_id = $1 AND valid_until <= $2 RETURNING key_hash";
    let ended = run!(tx, SQL, [key.as_str(), now.micros()], fetch_all::<(Vec<u8>,)>)?;
    touch_hashes(tx, ended)
}

/// Forgets some of all earlier secrets that have ended.
pub(super) async fn sweep(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<()> {
    const SQL: &str = "DELETE FROM earlier_secrets WHERE key_hash IN \
        (SELECT e.key_hash FROM earlier_secrets e WHERE e.valid_until <= $1 LIMIT $2) RETURNING key_hash";
    let ended = run!(tx, SQL, [now.micros(), i64::from(limit)], fetch_all::<(Vec<u8>,)>)?;
    touch_hashes(tx, ended)
}

/// Notes that the verdicts on all earlier secrets of a key may change.
pub(super) async fn touch_graces(tx: &mut Tx, key: &KeyId) -> Result<()> {
    const SQL: &str = "SELECT key_hash FROM earlier_secrets WHERE key_id = $1";
    let hashes = run!(tx, SQL, [key.as_str()], fetch_all::<(Vec<u8>,)>)?;
    touch_hashes(tx, hashes)
}

/// Notes that the verdicts on secrets may change. This includes those that have ended: a process that has one in memory
/// would accept it again after the clock was set back.
fn touch_hashes(tx: &mut Tx, hashes: Vec<(Vec<u8>,)>) -> Result<()> {
    for (hash,) in hashes {
        tx.touch(changes::secret(&hash::to_hex(&hash))?);
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
    fn into_grace(self) -> Result<(KeyId, Grace)> {
        let Self { key_id, shown_prefix, valid_until, last_used_at, last_used_address, last_used_agent } =
            self;
        let grace = Grace {
            shown_prefix,
            valid_until: Timestamp::from_micros(valid_until),
            last_use: to_last_use(last_used_at, last_used_address, last_used_agent),
        };
        Ok((decode::text(key_id, "a key's id")?, grace))
    }
}
