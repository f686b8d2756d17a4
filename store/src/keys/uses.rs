//! Records when secrets were used, many at once.

use std::collections::BTreeMap;

use model::Timestamp;
use model::id::KeyId;
use model::time::DAY_SECONDS;

use crate::Result;
use crate::db::{Tx, build};

const DAY_MICROS: i64 = DAY_SECONDS * 1_000_000;

/// One successful use of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub hash: [u8; 32],
    pub key_id: KeyId,
    pub at: Timestamp,
    /// The client address.
    pub address: Option<String>,
    /// The user agent.
    pub agent: Option<String>,
}

/// Records uses: on the key if the secret is its current one, otherwise on the earlier secret. The last use only moves
/// forward in time. Exception: if the stored use is more than a day later than the new one, a server whose clock was
/// ahead wrote it, and it is replaced. Uses of secrets that no longer exist are ignored, so that a rotated key starts
/// without a last use.
pub async fn record_uses(tx: &mut Tx, uses: &[Use]) -> Result<()> {
    // One row per secret, for its latest use. Sorted by id, so that concurrent writers do not deadlock.
    let mut latest: BTreeMap<(&KeyId, &[u8; 32]), &Use> = BTreeMap::new();
    for used in uses {
        let recorded = latest.entry((&used.key_id, &used.hash)).or_insert(used);
        if recorded.at < used.at {
            *recorded = used;
        }
    }
    let latest: Vec<_> = latest.into_values().collect();
    for uses in latest.chunks(tx.rows_of_a_statement()) {
        write(tx, "UPDATE keys SET ", "keys", uses).await?;
        write(tx, "UPDATE earlier_secrets SET ", "earlier_secrets", uses).await?;
    }
    Ok(())
}

/// `VALUES` names its columns `column1`, `column2` and so on, in both databases.
async fn write(tx: &mut Tx, start: &'static str, table: &'static str, uses: &[&Use]) -> Result<()> {
    build!(
        tx,
        start,
        |builder| {
            builder.push(
                "last_used_at = v.column2, last_used_address = v.column3, last_used_agent = v.column4 FROM (",
            );
            builder.push_values(uses, |mut row, used| {
                let Use { hash, key_id: _, at, address, agent } = used;
                row.push_bind(hash.as_slice()).push_bind(at.micros());
                row.push_bind(address.as_deref()).push_bind(agent.as_deref());
            });
            builder.push(") AS v WHERE ").push(table).push(".key_hash = v.column1 AND (").push(table);
            builder.push(".last_used_at IS NULL OR ").push(table).push(".last_used_at < v.column2 OR ");
            builder.push(table).push(".last_used_at > v.column2 + ").push(DAY_MICROS).push(")");
        },
        execute
    )?;
    Ok(())
}
