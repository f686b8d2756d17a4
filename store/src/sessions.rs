//! Sessions of the console. The cookie's value is known here by its hash only.

use model::Timestamp;
use model::id::{AccountId, SessionId, UserId};

use crate::db::{Connection, Pair, Tx, run};
use crate::{Result, decode};

/// Most sessions that a list shows.
const LIST_MAX: i64 = 200;
/// Most ended sessions removed at once, so that the sweep never holds others up.
const SWEEP_MAX: i64 = 1000;

macro_rules! columns {
    () => {
        "session_id, account_id, user_id, created_at, last_seen_at, ends_at, address, agent"
    };
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The id that its owner sees; not the secret of the cookie.
    pub session_id: SessionId,
    /// Whose session.
    pub account_id: AccountId,
    /// The membership in use.
    pub user_id: UserId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// When it ends, however much it is used.
    pub ends_at: Timestamp,
    /// From which address it began.
    pub address: Option<String>,
    /// With which agent.
    pub agent: Option<String>,
}

/// Adds a session.
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

/// Finds the session of a cookie's value. Whether it has ended is the caller's question.
pub async fn find(db: &mut impl Connection, token_hash: &[u8; 32]) -> Result<Option<Session>> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM sessions WHERE token_hash = $1");
    run!(db, SQL, [token_hash.as_slice()], fetch_optional::<Row>)?.map(Session::try_from).transpose()
}

/// Finds a session by its id and holds it as it is until the transaction ends. Whether it has ended is the caller's
/// question.
pub async fn lock(tx: &mut Tx, id: &SessionId) -> Result<Option<Session>> {
    const SQL: Pair = Pair {
        sqlite: concat!("SELECT ", columns!(), " FROM sessions WHERE session_id = $1"),
        postgres: concat!("SELECT ", columns!(), " FROM sessions WHERE session_id = $1 FOR UPDATE"),
    };
    run!(tx, SQL, [id.as_str()], fetch_optional::<Row>)?.map(Session::try_from).transpose()
}

/// An account's sessions, the one last used first; at most 200.
pub async fn list(db: &mut impl Connection, account: &AccountId) -> Result<Vec<Session>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM sessions WHERE account_id = $1 ORDER BY last_seen_at DESC, session_id DESC LIMIT $2"
    );
    let rows = run!(db, SQL, [account.as_str(), LIST_MAX], fetch_all::<Row>)?;
    rows.into_iter().map(Session::try_from).collect()
}

/// Notes that a session was used; never earlier than is known, and never past its end.
pub async fn touch(tx: &mut Tx, id: &SessionId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE sessions SET last_seen_at = $2 \
        WHERE session_id = $1 AND last_seen_at < $2 AND ends_at > $2";
    run!(tx, SQL, [id.as_str(), at.micros()], execute)?;
    Ok(())
}

/// Changes the membership in use.
pub async fn set_user(tx: &mut Tx, id: &SessionId, user: &UserId) -> Result<()> {
    const SQL: &str = "UPDATE sessions SET user_id = $2 WHERE session_id = $1";
    run!(tx, SQL, [id.as_str(), user.as_str()], execute)?;
    Ok(())
}

/// Ends one session of an account; false if the account has no such session.
pub async fn delete(tx: &mut Tx, account: &AccountId, id: &SessionId) -> Result<bool> {
    const SQL: &str = "DELETE FROM sessions WHERE account_id = $1 AND session_id = $2";
    Ok(run!(tx, SQL, [account.as_str(), id.as_str()], execute)? > 0)
}

/// Ends all sessions of an account, but perhaps one; says how many.
pub async fn delete_others(tx: &mut Tx, account: &AccountId, except: Option<&SessionId>) -> Result<u64> {
    const SQL: &str = "DELETE FROM sessions WHERE account_id = $1 AND session_id <> $2";
    // No id is the empty text.
    run!(tx, SQL, [account.as_str(), except.map_or("", SessionId::as_str)], execute)
}

/// Ends all sessions that use a membership; says how many.
pub async fn delete_of_user(tx: &mut Tx, user: &UserId) -> Result<u64> {
    run!(tx, "DELETE FROM sessions WHERE user_id = $1", [user.as_str()], execute)
}

/// Removes sessions that have ended or lay idle, a bounded number at once; says how many.
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
