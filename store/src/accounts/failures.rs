//! How many attempts to sign in to an account have failed in a row.

use model::id::AccountId;

use crate::Result;
use crate::db::{Tx, run};

/// Counts an attempt to sign in as a failure of each of these accounts, until it has succeeded. Says of each whether the
/// attempt may go on there: an account with so many failures in a row is closed, and the attempt not counted. Writes as much
/// for a closed account and for none.
pub async fn count_attempt(tx: &mut Tx, ids: &[AccountId], failures_max: u32) -> Result<Vec<bool>> {
    const COUNTED: &str =
        "UPDATE accounts SET failures = failures + 1 WHERE account_id = $1 AND failures < $2";
    const UNCOUNTED: &str = "UPDATE uncounted_sign_ins SET number = number + 1";
    let mut are_open = Vec::with_capacity(ids.len());
    for id in ids {
        are_open.push(run!(tx, COUNTED, [id.as_str(), i64::from(failures_max)], execute)? > 0);
    }
    if !are_open.contains(&true) {
        run!(tx, UNCOUNTED, [], execute)?;
    }
    Ok(are_open)
}

/// Takes an attempt back that was counted and was no guess at this account's password.
pub async fn take_back_attempt(tx: &mut Tx, id: &AccountId) -> Result<()> {
    const SQL: &str = "UPDATE accounts SET failures = failures - 1 WHERE account_id = $1 AND failures > 0";
    run!(tx, SQL, [id.as_str()], execute)?;
    Ok(())
}

/// Counts a password that one account of an address is given as a guess at each of the others.
pub async fn count_guess(
    tx: &mut Tx,
    email_folded: &str,
    given_to: &AccountId,
    failures_max: u32,
) -> Result<()> {
    const SQL: &str = "UPDATE accounts SET failures = failures + 1 \
        WHERE email_folded = $1 AND account_id <> $2 AND failures < $3";
    run!(tx, SQL, [email_folded, given_to.as_str(), i64::from(failures_max)], execute)?;
    Ok(())
}

/// Forgets an account's failures to sign in, and how often it was reopened; says whether there was anything to forget.
pub async fn forget_attempts(tx: &mut Tx, id: &AccountId) -> Result<bool> {
    const SQL: &str = "UPDATE accounts SET failures = 0, reopenings = 0 \
        WHERE account_id = $1 AND (failures > 0 OR reopenings > 0)";
    Ok(run!(tx, SQL, [id.as_str()], execute)? > 0)
}

/// Forgets an account's failures to sign in for an admin, so many times until [`forget_attempts`]. False if that is too often
/// and nothing was changed. Where there are no failures it does not count.
pub async fn reopen(tx: &mut Tx, id: &AccountId, times_max: u32) -> Result<bool> {
    const SQL: &str = "UPDATE accounts SET failures = 0, \
        reopenings = CASE WHEN failures > 0 THEN reopenings + 1 ELSE reopenings END \
        WHERE account_id = $1 AND (failures = 0 OR reopenings < $2)";
    Ok(run!(tx, SQL, [id.as_str(), i64::from(times_max)], execute)? > 0)
}
