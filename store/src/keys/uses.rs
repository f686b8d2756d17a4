//! Noting when secrets were used, many at once.

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
    /// The secret's hash.
    pub hash: [u8; 32],
    /// The key.
    pub key_id: KeyId,
    /// When.
    pub at: Timestamp,
    /// From which address.
    pub address: Option<String>,
    /// With which agent.
    pub agent: Option<String>,
}

/// Notes uses, each where its secret is: on the key if it is the current one, on the earlier secret otherwise. Only ever
/// forward in time, unless a clock that was ahead noted a use more than a day later; a use of a secret that is gone is
/// forgotten, so a rotation's clean slate stays clean.
pub async fn record_uses(tx: &mut Tx, uses: &[Use]) -> Result<()> {
    // One row for each secret, its latest; in the order of ids, so that two who write do not wait in a circle.
    let mut latest: BTreeMap<(&KeyId, &[u8; 32]), &Use> = BTreeMap::new();
    for used in uses {
        let noted = latest.entry((&used.key_id, &used.hash)).or_insert(used);
        if noted.at < used.at {
            *noted = used;
        }
    }
    let latest: Vec<_> = latest.into_values().collect();
    for uses in latest.chunks(tx.rows_of_a_statement()) {
        write(tx, "UPDATE keys SET ", "keys", uses).await?;
        write(tx, "UPDATE earlier_secrets SET ", "earlier_secrets", uses).await?;
    }
    Ok(())
}

/// `VALUES` calls its columns `column1` and so on, on both databases.
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
