//! The number of failed sign-ins in a row, for each account.

use model::id::AccountId;

use crate::Result;
use crate::db::{Tx, run};
use crate::stored_email::StoredEmail;

/// Counts a sign-in attempt as a failure of each of these accounts, before its outcome is known. Returns for each
/// account whether the attempt may continue: an account with `failures_max` failures in a row is closed, and the
/// attempt is not counted there. If no account is open, another table is written instead, so that the response time
/// does not reveal whether there is an open account.
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

/// Takes back a counted attempt that was not a guess at the password of this account.
pub async fn undo_attempt(tx: &mut Tx, id: &AccountId) -> Result<()> {
    const SQL: &str = "UPDATE accounts SET failures = failures - 1 WHERE account_id = $1 AND failures > 0";
    run!(tx, SQL, [id.as_str()], execute)?;
    Ok(())
}

/// Counts the new password of the account `given_to` as a failed guess at the password of every other account of the
/// address.
pub async fn count_guess(tx: &mut Tx, email: &str, given_to: &AccountId, failures_max: u32) -> Result<()> {
    const SQL: &str = "UPDATE accounts SET failures = failures + 1 \
        WHERE email_folded IN ($1, $2) AND account_id <> $3 AND failures < $4";
    let StoredEmail { given, folded } = StoredEmail::of(email);
    run!(tx, SQL, [&given, &folded, given_to.as_str(), i64::from(failures_max)], execute)?;
    Ok(())
}

/// Resets the failures and reopenings of an account. Returns whether there were any.
pub async fn clear_attempts(tx: &mut Tx, id: &AccountId) -> Result<bool> {
    const SQL: &str = "UPDATE accounts SET failures = 0, reopenings = 0 \
        WHERE account_id = $1 AND (failures > 0 OR reopenings > 0)";
    Ok(run!(tx, SQL, [id.as_str()], execute)? > 0)
}

/// Resets the failures of an account on behalf of an admin. Returns false and changes nothing if that was done
/// `times_max` times since the last [`clear_attempts`]. Calls for an account without failures are not counted.
pub async fn reopen(tx: &mut Tx, id: &AccountId, times_max: u32) -> Result<bool> {
    const SQL: &str = "UPDATE accounts SET failures = 0, \
        reopenings = CASE WHEN failures > 0 THEN reopenings + 1 ELSE reopenings END \
        WHERE account_id = $1 AND (failures = 0 OR reopenings < $2)";
    Ok(run!(tx, SQL, [id.as_str(), i64::from(times_max)], execute)? > 0)
}
