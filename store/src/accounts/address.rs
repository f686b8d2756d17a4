//! All accounts of one address.

use model::id::AccountId;

use super::{Account, Row};
use crate::db::{Connection, Pair, Tx, run};
use crate::{Result, decode};

/// Makes others who change the accounts of an address wait until the end of this transaction. On SQLite a transaction
/// that writes is alone anyway.
pub async fn lock_email(tx: &mut Tx, email_folded: &str) -> Result<()> {
    const SQL: Pair = Pair {
        sqlite: "SELECT 1 WHERE $1 IS NULL",
        postgres: "SELECT pg_advisory_xact_lock(hashtextextended('account ' || $1, 0))",
    };
    run!(tx, SQL, [email_folded], execute)?;
    Ok(())
}

/// The accounts of a folded address: first the proven one, then the others, the oldest first.
pub async fn find_by_email(db: &mut impl Connection, email_folded: &str) -> Result<Vec<Account>> {
    const SQL: &str = "SELECT account_id, email, password_hash, is_vouched, created_at FROM accounts \
        WHERE email_folded = $1 ORDER BY is_vouched DESC, created_at, account_id";
    if !decode::is_storable(email_folded) {
        return Ok(Vec::new());
    }
    let rows = run!(db, SQL, [email_folded], fetch_all::<Row>)?;
    rows.into_iter().map(Account::try_from).collect()
}

/// Moves all memberships of an account to another one. The account and its sessions end.
pub async fn absorb(tx: &mut Tx, into: &AccountId, absorbed: &AccountId) -> Result<()> {
    const MOVE: &str = "UPDATE users SET account_id = $1 WHERE account_id = $2";
    run!(tx, MOVE, [into.as_str(), absorbed.as_str()], execute)?;
    run!(tx, "DELETE FROM sessions WHERE account_id = $1", [absorbed.as_str()], execute)?;
    run!(tx, "DELETE FROM accounts WHERE account_id = $1", [absorbed.as_str()], execute)?;
    Ok(())
}

/// Removes an address's provisional accounts that no member signs in with any more, and their sessions.
pub async fn delete_orphans(tx: &mut Tx, email_folded: &str) -> Result<()> {
    macro_rules! orphans {
        () => {
            "account_id IN (SELECT a.account_id FROM accounts a WHERE a.email_folded = $1 AND NOT a.is_vouched \
             AND NOT EXISTS (SELECT 1 FROM users u WHERE u.account_id = a.account_id AND u.removed_at IS NULL))"
        };
    }
    run!(tx, concat!("DELETE FROM sessions WHERE ", orphans!()), [email_folded], execute)?;
    // Removed members keep their rows.
    run!(tx, concat!("UPDATE users SET account_id = NULL WHERE ", orphans!()), [email_folded], execute)?;
    run!(tx, concat!("DELETE FROM accounts WHERE ", orphans!()), [email_folded], execute)?;
    Ok(())
}
