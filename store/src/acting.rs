//! Keeping what a caller's rights follow from as it is, while a transaction acts on those rights.
//!
//! PostgreSQL runs transactions side by side. Without these locks one could judge its caller, wait for something, and
//! write after another transaction had revoked the caller and said so. Whoever acts shares a lock on each [`Subject`] that
//! the caller's rights follow from; a commit that changes a subject takes its lock alone, so it waits for those who act
//! and they see the change if they come later.
//!
//! These are advisory locks, held until the transaction ends, because their queue is fair: callers whose transactions
//! overlap without a gap cannot keep a revocation waiting, as they could with shared locks on the row. On SQLite there is
//! nothing to do: it has one writer at a time.

use crate::changes::Subject;
use crate::db::{Conn, Connection, Tx, run};
use crate::{Result, decode, hash};

/// Shares the locks of subjects: none of them changes before this transaction has ended.
pub async fn share(tx: &mut Tx, subjects: &[Subject]) -> Result<()> {
    const SQL: &str = "SELECT count(pg_advisory_xact_lock_shared(hashtextextended(s.name, 0))) \
        FROM (SELECT jsonb_array_elements_text($1::jsonb) AS name ORDER BY 1) AS s";
    let mut names: Vec<_> = subjects.iter().filter_map(name).collect();
    names.extend(name(&Subject::Everything));
    lock(tx, SQL, names).await
}

/// Waits for all transactions that share the lock of one of the subjects, and keeps further ones out until this one has
/// ended. Two transactions that each share what the other changes cannot both go on: the database ends one of them, which
/// is then tried again.
pub async fn hold(tx: &mut Tx, subjects: &[Subject]) -> Result<()> {
    const SQL: &str = "SELECT count(pg_advisory_xact_lock(hashtextextended(s.name, 0))) \
        FROM (SELECT jsonb_array_elements_text($1::jsonb) AS name ORDER BY 1) AS s";
    let names: Vec<_> = subjects.iter().filter_map(name).collect();
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

/// What the lock of a subject is called; nothing for what no caller's rights follow from.
fn name(subject: &Subject) -> Option<String> {
    Some(match subject {
        Subject::Secret(hash) => format!("secret {}", hash::to_hex(hash)),
        Subject::Owner(id) => format!("owner {id}"),
        Subject::Organization(id) => format!("organization {id}"),
        Subject::Everything => "everything".to_owned(),
        Subject::Gateway(_) => return None,
    })
}
