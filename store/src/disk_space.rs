//! Finds out whether a disk that was full has room again.

use crate::Result;
use crate::db::{Store, run};

/// Bytes that are written for a try, so that the database needs new pages.
const TRIED_BYTES: usize = 16 * 1024;
/// The id of the row. It is no hash of a request.
const ID: [u8; 32] = [0; 32];

/// Returns whether the database can write, as far as it is known. If a write failed for lack of space, this writes a
/// row and deletes it in the same transaction. Nobody ever sees the row.
///
/// Without this, only the next change would show that there is room again.
pub async fn has_room(store: &Store) -> Result<bool> {
    if !store.counts().is_disk_full() {
        return Ok(true);
    }
    match write(store).await {
        Ok(()) => {
            store.counts().has_room();
            Ok(true)
        }
        Err(error) if error.is_disk_full() => Ok(false),
        Err(error) => Err(error),
    }
}

async fn write(store: &Store) -> Result<()> {
    const INSERT: &str = "INSERT INTO kept_answers (answer_id, fingerprint, claim, expires_at) \
        VALUES ($1, $2, '', 0) ON CONFLICT (answer_id) DO NOTHING";
    const DELETE: &str = "DELETE FROM kept_answers WHERE answer_id = $1";
    let mut tx = store.begin().await?;
    run!(&mut tx, INSERT, [ID.as_slice(), incompressible()], execute)?;
    run!(&mut tx, DELETE, [ID.as_slice()], execute)?;
    tx.commit().await
}

/// Bytes that PostgreSQL cannot compress.
fn incompressible() -> Vec<u8> {
    let next = |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    let states = std::iter::successors(Some(1_u64), next).skip(1);
    states.flat_map(|state| (state >> 32).to_le_bytes().into_iter().take(4)).take(TRIED_BYTES).collect()
}
