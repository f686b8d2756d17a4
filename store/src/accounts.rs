//! Accounts: people who can sign in to the console.

use model::Timestamp;
use model::email::Email;
use model::id::{AccountId, UserId};

use crate::db::{Connection, Tx, run};
use crate::{Result, decode};

/// A person who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's id.
    pub account_id: AccountId,
    /// The address they sign in with.
    pub email: Email,
    /// The slow hash of the password, in its own text form.
    pub password_hash: String,
    /// Whether the operator made it, as opposed to an invitation.
    pub is_vouched: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Adds an account. Taken: `account_email`.
pub async fn insert(tx: &mut Tx, account: &Account) -> Result<()> {
    const SQL: &str = "INSERT INTO accounts (account_id, email, email_folded, password_hash, is_vouched, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    let Account { account_id, email, password_hash, is_vouched, created_at } = account;
    let folded = email.folded();
    run!(
        tx,
        SQL,
        [account_id.as_str(), email.as_str(), &folded, password_hash, *is_vouched, created_at.micros()],
        execute
    )?;
    Ok(())
}

/// Finds an account.
pub async fn find(db: &mut impl Connection, id: &AccountId) -> Result<Option<Account>> {
    const SQL: &str = "SELECT account_id, email, password_hash, is_vouched, created_at FROM accounts \
        WHERE account_id = $1";
    run!(db, SQL, [id.as_str()], fetch_optional::<Row>)?.map(Account::try_from).transpose()
}

/// Finds an account by the folded address.
pub async fn find_by_email(db: &mut impl Connection, email_folded: &str) -> Result<Option<Account>> {
    const SQL: &str = "SELECT account_id, email, password_hash, is_vouched, created_at FROM accounts \
        WHERE email_folded = $1";
    if !decode::is_storable(email_folded) {
        return Ok(None);
    }
    run!(db, SQL, [email_folded], fetch_optional::<Row>)?.map(Account::try_from).transpose()
}

/// Finds the account that a member signs in with.
pub async fn find_of_user(db: &mut impl Connection, user: &UserId) -> Result<Option<Account>> {
    const SQL: &str = "SELECT account_id, email, password_hash, is_vouched, created_at FROM accounts \
        WHERE account_id = (SELECT account_id FROM users WHERE user_id = $1)";
    run!(db, SQL, [user.as_str()], fetch_optional::<Row>)?.map(Account::try_from).transpose()
}

/// Replaces the password's hash.
pub async fn set_password(tx: &mut Tx, id: &AccountId, password_hash: &str) -> Result<()> {
    const SQL: &str = "UPDATE accounts SET password_hash = $2 WHERE account_id = $1";
    run!(tx, SQL, [id.as_str(), password_hash], execute)?;
    Ok(())
}

/// Counts an attempt to sign in as a failure, until it has succeeded. Says whether it may go on: an account with so many
/// failures in a row is closed, and this one not counted. Writes as much for a closed account and for none.
pub async fn count_attempt(tx: &mut Tx, id: Option<&AccountId>, failures_max: u32) -> Result<bool> {
    const COUNTED: &str =
        "UPDATE accounts SET failures = failures + 1 WHERE account_id = $1 AND failures < $2";
    const UNCOUNTED: &str = "UPDATE uncounted_sign_ins SET number = number + 1";
    if let Some(id) = id
        && run!(tx, COUNTED, [id.as_str(), i64::from(failures_max)], execute)? > 0
    {
        return Ok(true);
    }
    run!(tx, UNCOUNTED, [], execute)?;
    Ok(false)
}

/// Forgets an account's failures to sign in; says whether there were any.
pub async fn forget_attempts(tx: &mut Tx, id: &AccountId) -> Result<bool> {
    const SQL: &str = "UPDATE accounts SET failures = 0 WHERE account_id = $1 AND failures > 0";
    Ok(run!(tx, SQL, [id.as_str()], execute)? > 0)
}

#[derive(sqlx::FromRow)]
struct Row {
    account_id: String,
    email: String,
    password_hash: String,
    is_vouched: bool,
    created_at: i64,
}

impl TryFrom<Row> for Account {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row { account_id, email, password_hash, is_vouched, created_at } = row;
        Ok(Self {
            account_id: decode::text(account_id, "an account's id")?,
            email: decode::text(email, "an account's address")?,
            password_hash,
            is_vouched,
            created_at: Timestamp::from_micros(created_at),
        })
    }
}
