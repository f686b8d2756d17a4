//! Sessions of the console. The cookie contains a session's token, of which only the hash is stored.

use model::Timestamp;
use model::id::{AccountId, SessionId, UserId};

use crate::db::{Connection, PerDatabase, Tx, run};
use crate::{Result, decode};

/// The most sessions in a list.
const LIST_MAX: i64 = 200;
/// The most ended sessions that are deleted at once, so that the sweep does not block others for long.
const SWEEP_MAX: i64 = 1000;

macro_rules! columns {
    () => {
        "session_id, account_id, user_id, created_at, last_seen_at, ends_at, address, agent"
    };
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The public id. It is not the secret in the cookie.
    pub session_id: SessionId,
    pub account_id: AccountId,
    /// The user that the session currently acts as. It determines the organization.
    pub user_id: UserId,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// When the session ends at the latest, even if it is in use.
    pub ends_at: Timestamp,
    /// The client address at sign-in.
    pub address: Option<String>,
    /// The user agent at sign-in.
    pub agent: Option<String>,
}

pub async fn insert(tx: &mut Tx, session: &Session, token_hash: &[u8; 32]) -> Result<()> {
    const SQL: &str = "INSERT INTO sessions (session_id, account_id, user_id, token_hash, created_at, last_seen_at, \
        ends_at, address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Session { session_id, account_id, user_id, created_at, last_seen_at, ends_at, address, agent } =
        session;
    run!(
        tx,
        SQL,
        [
            session_id.as_str(),
            account_id.as_str(),
            user_id.as_str(),
            token_hash.as_slice(),
            created_at.micros(),
            last_seen_at.micros(),
            ends_at.micros(),
            address.as_deref(),
            agent.as_deref(),
        ],
        execute
    )?;
    Ok(())
}

/// Finds a session by the hash of its token. The caller has to check whether it has ended.
pub async fn find(db: &mut impl Connection, token_hash: &[u8; 32]) -> Result<Option<Session>> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM sessions WHERE token_hash = $1");
    run!(db, SQL, [token_hash.as_slice()], fetch_optional::<Row>)?.map(Session::try_from).transpose()
}

/// Finds a session by its id and locks it until the transaction ends. The caller has to check whether it has ended.
pub async fn lock(tx: &mut Tx, id: &SessionId) -> Result<Option<Session>> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: concat!("SELECT ", columns!(), " FROM sessions WHERE session_id = $1"),
        postgres: concat!("SELECT ", columns!(), " FROM sessions WHERE session_id = $1 FOR UPDATE"),
    };
    run!(tx, SQL, [id.as_str()], fetch_optional::<Row>)?.map(Session::try_from).transpose()
}

/// The sessions of an account, the last used one first. At most 200.
pub async fn list(db: &mut impl Connection, account: &AccountId) -> Result<Vec<Session>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM sessions WHERE account_id = $1 ORDER BY last_seen_at DESC, session_id DESC LIMIT $2"
    );
    let rows = run!(db, SQL, [account.as_str(), LIST_MAX], fetch_all::<Row>)?;
    rows.into_iter().map(Session::try_from).collect()
}

/// Records that a session was used. The time only moves forward, and never past the end of the session.
pub async fn touch(tx: &mut Tx, id: &SessionId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE sessions SET last_seen_at = $2 \
        WHERE session_id = $1 AND last_seen_at < $2 AND ends_at > $2";
    run!(tx, SQL, [id.as_str(), at.micros()], execute)?;
    Ok(())
}

/// Changes the user that the session acts as.
pub async fn set_user(tx: &mut Tx, id: &SessionId, user: &UserId) -> Result<()> {
    const SQL: &str = "UPDATE sessions SET user_id = $2 WHERE session_id = $1";
    run!(tx, SQL, [id.as_str(), user.as_str()], execute)?;
    Ok(())
}

/// Ends one session of an account. Returns false if the account has no such session.
pub async fn delete(tx: &mut Tx, account: &AccountId, id: &SessionId) -> Result<bool> {
    const SQL: &str = "DELETE FROM sessions WHERE account_id = $1 AND session_id = $2";
    Ok(run!(tx, SQL, [account.as_str(), id.as_str()], execute)? > 0)
}

/// Ends all sessions of an account, except for one if given. Returns how many.
pub async fn delete_others(tx: &mut Tx, account: &AccountId, except: Option<&SessionId>) -> Result<u64> {
    const SQL: &str = "DELETE FROM sessions WHERE account_id = $1 AND session_id <> $2";
    // No session has an empty id, so all are deleted if there is no exception.
    run!(tx, SQL, [account.as_str(), except.map_or("", SessionId::as_str)], execute)
}

/// Ends all sessions that currently act as this user. Returns how many.
pub async fn delete_of_user(tx: &mut Tx, user: &UserId) -> Result<u64> {
    run!(tx, "DELETE FROM sessions WHERE user_id = $1", [user.as_str()], execute)
}

/// Deletes at most 1000 sessions that have ended or were idle for too long. Returns how many.
pub async fn delete_ended(tx: &mut Tx, idle_before: Timestamp, now: Timestamp) -> Result<u64> {
    const SQL: &str = "DELETE FROM sessions WHERE session_id IN (SELECT session_id FROM sessions \
        WHERE last_seen_at <= $1 OR ends_at <= $2 LIMIT $3)";
    run!(tx, SQL, [idle_before.micros(), now.micros(), SWEEP_MAX], execute)
}

#[derive(sqlx::FromRow)]
struct Row {
    session_id: String,
    account_id: String,
    user_id: String,
    created_at: i64,
    last_seen_at: i64,
    ends_at: i64,
    address: Option<String>,
    agent: Option<String>,
}

impl TryFrom<Row> for Session {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row { session_id, account_id, user_id, created_at, last_seen_at, ends_at, address, agent } = row;
        Ok(Self {
            session_id: decode::text(session_id, "a session's id")?,
            account_id: decode::text(account_id, "a session's account")?,
            user_id: decode::text(user_id, "a session's member")?,
            created_at: Timestamp::from_micros(created_at),
            last_seen_at: Timestamp::from_micros(last_seen_at),
            ends_at: Timestamp::from_micros(ends_at),
            address,
            agent,
        })
    }
}
