//! All accounts with the same e-mail address.

use model::id::AccountId;

use super::{Account, Row};
use crate::db::{Connection, PerDatabase, Tx, run};
use crate::stored_email::StoredEmail;
use crate::{Result, decode};

/// Waits for other transactions that change accounts of this address, and blocks new ones until this transaction ends.
/// On SQLite nothing is needed, because only one transaction writes at a time.
pub async fn lock_email(tx: &mut Tx, email_folded: &str) -> Result<()> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT 1 WHERE $1 IS NULL",
        postgres: "SELECT pg_advisory_xact_lock(hashtextextended('account ' || $1, 0))",
    };
    run!(tx, SQL, [email_folded], execute)?;
    Ok(())
}

/// The accounts with an address in any spelling: the proven one first, then the provisional ones, oldest first.
/// Accounts that the previous version stored in the given spelling come before all others.
pub async fn find_by_email(db: &mut impl Connection, email: &str) -> Result<Vec<Account>> {
    const SQL: &str = "SELECT account_id, email, password_hash, is_vouched, created_at FROM accounts \
        WHERE email_folded IN ($1, $2) ORDER BY email_folded <> $1, is_vouched DESC, created_at, account_id";
    if !decode::is_storable(email) {
        return Ok(Vec::new());
    }
    let StoredEmail { given, folded } = StoredEmail::of(email);
    let rows = run!(db, SQL, [&given, &folded], fetch_all::<Row>)?;
    rows.into_iter().map(Account::try_from).collect()
}

/// Moves all users of an account to another account, then deletes the absorbed account and its sessions.
pub async fn merge(tx: &mut Tx, into: &AccountId, absorbed: &AccountId) -> Result<()> {
    const MOVE: &str = "UPDATE users SET account_id = $1 WHERE account_id = $2";
    run!(tx, MOVE, [into.as_str(), absorbed.as_str()], execute)?;
    run!(tx, "DELETE FROM sessions WHERE account_id = $1", [absorbed.as_str()], execute)?;
    run!(tx, "DELETE FROM accounts WHERE account_id = $1", [absorbed.as_str()], execute)?;
    Ok(())
}

/// Deletes the provisional accounts of an address that no user signs in with any more, and their sessions.
pub async fn delete_orphans(tx: &mut Tx, email: &str) -> Result<()> {
    macro_rules! orphans {
        () => {
            "account_id IN (SELECT a.account_id FROM accounts a WHERE a.email_folded IN ($1, $2) AND NOT a.is_vouched \
             AND NOT EXISTS (SELECT 1 FROM users u WHERE u.account_id = a.account_id AND u.removed_at IS NULL))"
        };
    }
    let StoredEmail { given, folded } = StoredEmail::of(email);
    run!(tx, concat!("DELETE FROM sessions WHERE ", orphans!()), [&given, &folded], execute)?;
    // Removed users keep their rows, so their reference to the account is cleared.
    run!(tx, concat!("UPDATE users SET account_id = NULL WHERE ", orphans!()), [&given, &folded], execute)?;
    run!(tx, concat!("DELETE FROM accounts WHERE ", orphans!()), [&given, &folded], execute)?;
    Ok(())
}
