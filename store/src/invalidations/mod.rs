//! Invalidations: changes of something that verdicts depend on. Each is passed to the listener of this process and
//! stored for other processes.
//!
//! Functions that write call `Tx::invalidate` for everything that they change. The commit stores these invalidations in
//! the same transaction, and passes them to the listener of this store before it returns. Other processes read them
//! from the table.

mod applied;
mod position;

use std::collections::HashSet;

pub use crate::db::Invalidation;
pub use applied::{Applied, BEHIND_MAX, TransactionId, behind, transaction_id};
pub use position::{End, Position, end, forget, position, since};

use crate::db::{Conn, Connection, Tx, build, run};
use crate::{Error, Result};

/// The most invalidations of one transaction that are stored one by one.
const INVALIDATIONS_MAX: usize = 1000;
/// Rows per statement.
const ROWS_MAX: usize = 500;
/// Inserts the first invalidation of a transaction on SQLite. Its number is a random distance away from the last one,
/// so that two databases which diverge from the same copy do not have the same numbers. The numbers last for 2^35
/// transactions.
const FIRST_NUMBER: &str = "INSERT INTO changes (number, kind, subject) VALUES \
    ((SELECT COALESCE(max(number), 0) + 1 + (random() & 268435455) FROM changes), $1, $2)";

impl Invalidation {
    fn row(&self) -> (i16, &[u8]) {
        match self {
            Self::Secret(hash) => (0, hash),
            Self::Owner(id) => (1, id.as_bytes()),
            Self::Organization(id) => (2, id.as_bytes()),
            Self::Everything => (3, &[]),
            Self::Gateway(id) => (4, id.as_bytes()),
        }
    }

    /// A row that cannot be read may have been written by a newer version. It is treated as `Everything`.
    fn from_row(kind: i16, invalidation: &[u8]) -> Self {
        let text = |invalidation: &[u8]| String::from_utf8(invalidation.to_vec()).ok();
        match kind {
            0 => invalidation.try_into().ok().map(Self::Secret),
            1 => text(invalidation).map(Self::Owner),
            2 => text(invalidation).map(Self::Organization),
            4 => text(invalidation).map(Self::Gateway),
            _ => None,
        }
        .unwrap_or(Self::Everything)
    }
}

/// Removes duplicates. Replaces too many invalidations with `Everything`.
pub(crate) fn deduplicate(mut invalidated: Vec<Invalidation>) -> Vec<Invalidation> {
    let mut known = HashSet::new();
    invalidated.retain(|invalidation| known.insert(invalidation.clone()));
    if invalidated.len() > INVALIDATIONS_MAX { vec![Invalidation::Everything] } else { invalidated }
}

/// Stores the invalidations of a transaction.
pub(crate) async fn write(tx: &mut Tx, invalidations: &[Invalidation]) -> Result<()> {
    let mut invalidations = invalidations;
    if let (Conn::Sqlite(_), Some((first, others))) = (tx.conn(), invalidations.split_first()) {
        let (kind, invalidation) = first.row();
        run!(tx, FIRST_NUMBER, [kind, invalidation], execute)?;
        invalidations = others;
    }
    for invalidations in invalidations.chunks(ROWS_MAX) {
        build!(
            tx,
            "INSERT INTO changes (kind, subject) ",
            |builder| {
                builder.push_values(invalidations, |mut row, invalidation| {
                    let (kind, invalidation) = invalidation.row();
                    row.push_bind(kind).push_bind(invalidation);
                });
            },
            execute
        )?;
    }
    Ok(())
}

/// The invalidation of a secret, from the hexadecimal form of its hash.
pub(crate) fn secret(hash: &str) -> Result<Invalidation> {
    let bytes = crate::hash::from_hex(hash)?;
    bytes
        .try_into()
        .map(Invalidation::Secret)
        .map_err(|_| Error::Corrupt("a hash of another length".to_owned()))
}
