//! Errors of the database, classified by what the caller can do about them.

use std::sync::Arc;

use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::SqliteError;

use crate::refusal::Refusal;

pub type Result<T> = std::result::Result<T, Error>;

/// An error of the store. It is cheap to clone, because all members of a group commit receive the same error.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// There is no connection, no answer in time, or a lock was held for too long. Trying again later may help.
    #[error("the database is not available")]
    Unavailable(#[source] Arc<sqlx::Error>),
    /// A unique value already exists: `key_name`, `user_email`, `account_email`, `service_account_name`, `gateway_name`
    /// or `key_hash`.
    #[error("{0} is taken")]
    Taken(&'static str),
    /// The transaction conflicted with another one. The whole transaction can be retried at once.
    #[error("the transaction conflicted with another one")]
    Retry(#[source] Arc<sqlx::Error>),
    /// The database was migrated by a newer version of this program.
    #[error("the database has schema {found}, but this version knows only schemas up to {known}")]
    SchemaTooNew {
        /// The newest migration in the database.
        found: i64,
        /// The newest migration that this program knows.
        known: i64,
    },
    /// A migration failed, and none of its changes were kept.
    #[error("the database cannot be migrated")]
    Migration(#[source] Arc<MigrateError>),
    /// A row contains a value that the model refuses.
    #[error("the database contains {0}")]
    Corrupt(String),
    /// The disk is full.
    #[error("the disk of the database is full")]
    NoSpace(#[source] Arc<sqlx::Error>),
    /// The settings make the database unusable. The text is for the operator.
    #[error("{0}")]
    Settings(String),
    /// An archive is not read or written. The text is for the operator.
    #[error(transparent)]
    Archive(#[from] Refusal),
    /// Any other error.
    #[error("the database refused a statement")]
    Database(#[source] Arc<sqlx::Error>),
}

impl Error {
    /// Whether the database is unreachable at the moment, as opposed to having refused a statement.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// Whether the disk of the database is full.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::NoSpace(_))
    }

    /// Whether a stored or given value is the reason, so that the same statement fails however often it is tried.
    pub fn is_about_value(&self) -> bool {
        match self {
            Self::Corrupt(_) => true,
            Self::Database(cause) => match &**cause {
                sqlx::Error::Database(error) => refuses_value(error.as_ref()),
                sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::Encode(_) => true,
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the database did not answer in time.
    pub(crate) fn is_timeout(&self) -> bool {
        let Self::Unavailable(cause) = self else { return false };
        matches!(&**cause, sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut)
    }

    /// The wait for a lock or a connection took too long.
    pub(crate) fn timed_out() -> Self {
        Self::Unavailable(Arc::new(sqlx::Error::PoolTimedOut))
    }

    /// The store is closed, or the process is shutting down.
    pub(crate) fn closed() -> Self {
        Self::Unavailable(Arc::new(sqlx::Error::PoolClosed))
    }

    /// A statement of the transaction has failed, so it cannot be committed. PostgreSQL would silently roll it back
    /// instead.
    pub(crate) fn failed_transaction() -> Self {
        let cause = "a statement of this transaction failed, so it cannot be committed".to_owned();
        Self::Database(Arc::new(sqlx::Error::Protocol(cause)))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as Cause;
        let kind = match &error {
            Cause::Database(inner) => kind_of(inner.as_ref()),
            Cause::Io(_) | Cause::Tls(_) | Cause::PoolTimedOut | Cause::PoolClosed | Cause::WorkerCrashed => {
                Kind::Unavailable
            }
            _ => Kind::Other,
        };
        let cause = Arc::new(error);
        match kind {
            Kind::Taken(what) => Self::Taken(what),
            Kind::Unavailable => Self::Unavailable(cause),
            Kind::Retry => Self::Retry(cause),
            Kind::NoSpace => Self::NoSpace(cause),
            Kind::Other => Self::Database(cause),
        }
    }
}

impl From<MigrateError> for Error {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(cause) => Self::from(cause),
            error => Self::Migration(Arc::new(error)),
        }
    }
}

enum Kind {
    Taken(&'static str),
    Unavailable,
    Retry,
    NoSpace,
    Other,
}

/// Unique constraints: the name, which PostgreSQL reports, the columns, which SQLite reports, and the error text.
const UNIQUE: &[(&str, &str, &str)] = &[
    ("keys_name", "keys.user_id, keys.name", "key_name"),
    ("keys_account_name", "keys.service_account_id, keys.name", "key_name"),
    ("keys_hash", "keys.key_hash", "key_hash"),
    ("earlier_secrets_id", "earlier_secrets.key_hash", "key_hash"),
    ("users_email", "users.organization_id, users.email_folded", "user_email"),
    (
        "service_accounts_name",
        "service_accounts.organization_id, service_accounts.name",
        "service_account_name",
    ),
    ("gateways_name", "gateways.organization_id, gateways.name", "gateway_name"),
    ("accounts_email", "accounts.email_folded", "account_email"),
];

/// Whether another connection holds the lock of a SQLite file.
pub(crate) fn is_locked(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlite_code);
    code.is_some_and(|code| matches!(code, SQLITE_BUSY | SQLITE_LOCKED))
}

/// The result code of SQLite. `None` if the error is PostgreSQL's.
fn sqlite_code(error: &dyn DatabaseError) -> Option<u32> {
    // The lowest byte of an extended result code is the primary result code.
    Some(extended_code(error)? & 0xff)
}

fn extended_code(error: &dyn DatabaseError) -> Option<u32> {
    error.try_downcast_ref::<SqliteError>()?;
    error.code()?.parse().ok()
}

fn kind_of(error: &dyn DatabaseError) -> Kind {
    if error.is_unique_violation() {
        return taken(error).map_or(Kind::Other, Kind::Taken);
    }
    let code = error.code().unwrap_or_default();
    if let Some(code) = sqlite_code(error) {
        match code {
            _ if extended_code(error) == Some(SQLITE_IOERR_SHMSIZE) => Kind::NoSpace,
            SQLITE_BUSY | SQLITE_LOCKED | SQLITE_CANTOPEN => Kind::Unavailable,
            SQLITE_FULL => Kind::NoSpace,
            _ => Kind::Other,
        }
    } else {
        match code.as_ref() {
            // Serialization failure and deadlock.
            "40001" | "40P01" => Kind::Retry,
            // Disk full.
            "53100" => Kind::NoSpace,
            // Too many connections, lock not available, statement timeout, server shutting down, crashed or starting
            // up, and a server that became a replica.
            "53300" | "55P03" | "57014" | "57P01" | "57P02" | "57P03" | "25006" => Kind::Unavailable,
            // Connection exceptions.
            code if code.starts_with("08") => Kind::Unavailable,
            _ => Kind::Other,
        }
    }
}

/// Whether the database refuses a value because of its type, its size or a constraint.
fn refuses_value(error: &dyn DatabaseError) -> bool {
    match sqlite_code(error) {
        Some(code) => matches!(code, SQLITE_TOOBIG | SQLITE_CONSTRAINT | SQLITE_MISMATCH),
        // Data exceptions and integrity constraint violations.
        None => error.code().is_some_and(|code| code.starts_with("22") || code.starts_with("23")),
    }
}

const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;
const SQLITE_TOOBIG: u32 = 18;
const SQLITE_CONSTRAINT: u32 = 19;
/// The index of the write-ahead log could not be enlarged. SQLite does not report a full disk as such there.
const SQLITE_IOERR_SHMSIZE: u32 = 4874;
const SQLITE_MISMATCH: u32 = 20;

/// Finds the violated constraint. PostgreSQL reports its name. SQLite reports the columns or, for an index that has an
/// expression, the name of the index.
fn taken(error: &dyn DatabaseError) -> Option<&'static str> {
    let name = error.constraint();
    let listed = error.message().strip_prefix("UNIQUE constraint failed: ");
    let is_meant =
        |constraint: &str, columns: &str| name.map_or(listed == Some(columns), |name| name == constraint);
    UNIQUE.iter().find(|(constraint, columns, _)| is_meant(constraint, columns)).map(|(_, _, what)| *what)
}
