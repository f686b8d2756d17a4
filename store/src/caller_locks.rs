//! Caller locks keep the rights of a caller unchanged while a transaction relies on them.
//!
//! PostgreSQL runs transactions concurrently. Without these locks, a transaction could check its caller, wait for
//! something, and write after another transaction had already revoked the caller and reported success. Every
//! transaction that relies on a caller takes a shared lock on each subject (an [`Invalidation`]) from which the
//! caller's rights follow. A commit that changes a subject takes its lock exclusively, so it waits for these
//! transactions, and later ones see the change.
//!
//! These are advisory locks that are held until the transaction ends. They have a fair queue, so a caller whose
//! transactions overlap without a gap cannot delay a revocation indefinitely, as they could with shared row locks.
//! SQLite needs no locks, because it has only one writer at a time.

use crate::db::{Conn, Connection, Tx, run};
use crate::invalidations::Invalidation;
use crate::{Result, decode, hash};

/// Takes shared locks on subjects. None of them can change before this transaction ends.
pub async fn lock_shared(tx: &mut Tx, invalidations: &[Invalidation]) -> Result<()> {
    const SQL: &str = "SELECT count(pg_advisory_xact_lock_shared(hashtextextended(s.name, 0))) \
        FROM (SELECT jsonb_array_elements_text($1::jsonb) AS name ORDER BY 1) AS s";
    let mut names: Vec<_> = invalidations.iter().filter_map(name).collect();
    names.extend(name(&Invalidation::Everything));
    lock(tx, SQL, names).await
}

/// Waits for all transactions that hold a shared lock on one of the subjects, and blocks new ones until this
/// transaction ends. If two transactions each change a subject that the other one shares, they deadlock. The database
/// then aborts one of them, which is retried.
pub async fn lock_exclusive(tx: &mut Tx, invalidations: &[Invalidation]) -> Result<()> {
    const SQL: &str = "SELECT count(pg_advisory_xact_lock(hashtextextended(s.name, 0))) \
        FROM (SELECT jsonb_array_elements_text($1::jsonb) AS name ORDER BY 1) AS s";
    let names: Vec<_> = invalidations.iter().filter_map(name).collect();
    if names.is_empty() { Ok(()) } else { lock(tx, SQL, names).await }
}

async fn lock(tx: &mut Tx, sql: &'static str, names: Vec<String>) -> Result<()> {
    if matches!(tx.conn(), Conn::Sqlite(_)) {
        return Ok(());
    }
    let names = decode::to_json(&names, "names of locks")?;
    run!(tx, sql, [&names], fetch_one::<(i64,)>)?;
    Ok(())
}

/// The name of a subject's lock. `None` for invalidations that do not affect the rights of callers.
fn name(invalidation: &Invalidation) -> Option<String> {
    Some(match invalidation {
        Invalidation::Secret(hash) => format!("secret {}", hash::to_hex(hash)),
        Invalidation::Owner(id) => format!("owner {id}"),
        Invalidation::Organization(id) => format!("organization {id}"),
        Invalidation::Everything => "everything".to_owned(),
        Invalidation::Gateway(_) => return None,
    })
}
