//! Accounts: people who can sign in to the console. An address has one proven account at most, and may have provisional
//! ones beside it.

mod address;
mod failures;

use model::Timestamp;
use model::email::Email;
use model::id::{AccountId, UserId};

pub use address::{absorb, delete_orphans, find_by_email, lock_email};
pub use failures::{count_attempt, count_guess, forget_attempts, reopen, take_back_attempt};

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
    /// Whether the operator vouches that it belongs to the owner of the address. One that an invitation made is
    /// provisional.
    pub is_vouched: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Adds an account. Taken: `account_email`, by another proven account.
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
