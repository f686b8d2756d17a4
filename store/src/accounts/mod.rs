//! Accounts: people who can sign in to the console. An address has at most one proven account and any number of
//! provisional ones.

mod address;
mod failures;

use model::Timestamp;
use model::email::Email;
use model::id::{AccountId, UserId};

pub use address::{delete_orphans, find_by_email, lock_email, merge};
pub use failures::{clear_attempts, count_attempt, count_guess, reopen, undo_attempt};

use crate::db::{Connection, Tx, run};
use crate::{Result, decode};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub account_id: AccountId,
    /// The address with which the person signs in.
    pub email: Email,
    /// The password hash as a text that includes its parameters (PHC string format).
    pub password_hash: String,
    /// Whether the account is proven: the operator created or confirmed it. An account that an invitation created is
    /// provisional.
    pub is_proven: bool,
    pub created_at: Timestamp,
}

/// Adds an account. Fails with `Taken("account_email")` if it is proven and another proven account has the address.
pub async fn insert(tx: &mut Tx, account: &Account) -> Result<()> {
    const SQL: &str = "INSERT INTO accounts (account_id, email, email_folded, password_hash, is_vouched, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    let Account { account_id, email, password_hash, is_proven: is_vouched, created_at } = account;
    let folded = email.folded();
    run!(
        tx,
        SQL,
        [account_id.as_str(), email.as_str(), &folded, password_hash, *is_vouched, created_at.micros()],
        execute
    )?;
    Ok(())
}

pub async fn find(db: &mut impl Connection, id: &AccountId) -> Result<Option<Account>> {
    const SQL: &str = "SELECT account_id, email, password_hash, is_vouched, created_at FROM accounts \
        WHERE account_id = $1";
    run!(db, SQL, [id.as_str()], fetch_optional::<Row>)?.map(Account::try_from).transpose()
}

/// Finds the account with which a user signs in.
pub async fn find_of_user(db: &mut impl Connection, user: &UserId) -> Result<Option<Account>> {
    const SQL: &str = "SELECT account_id, email, password_hash, is_vouched, created_at FROM accounts \
        WHERE account_id = (SELECT account_id FROM users WHERE user_id = $1)";
    run!(db, SQL, [user.as_str()], fetch_optional::<Row>)?.map(Account::try_from).transpose()
}

pub async fn set_password(tx: &mut Tx, id: &AccountId, password_hash: &str) -> Result<()> {
    const SQL: &str = "UPDATE accounts SET password_hash = $2 WHERE account_id = $1";
    run!(tx, SQL, [id.as_str(), password_hash], execute)?;
    Ok(())
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
            email: decode::text(email, "an account's e-mail address")?,
            password_hash,
            is_proven: is_vouched,
            created_at: Timestamp::from_micros(created_at),
        })
    }
}
