//! The first connection to PostgreSQL. It finds out at once why the server cannot be used, and says what to do.
//!
//! The pool would try again for seconds, and then only report that time is over. While the server runs, that is right;
//! at the start, the operator waits for an answer.

use std::fmt;
use std::io::ErrorKind;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, Row};
use tokio::net::lookup_host;
use tokio::time::timeout;

use super::writer::WAIT_MAX;
use crate::{Error, Result};

/// Connects once and closes the connection again.
pub(super) async fn try_once(options: &PgConnectOptions) -> Result<()> {
    let place = Place::of(options);
    let attempt = async {
        place.find().await?;
        let mut conn = options.connect().await.map_err(|error| Error::Settings(reason(&place, &error)))?;
        let is_shared = shares_sessions(&mut conn, options).await;
        // The connection was only a test, so it does not matter how it ends.
        let _ = conn.close().await;
        if is_shared { Err(Error::Settings(SHARED.to_owned())) } else { Ok(()) }
    };
    timeout(WAIT_MAX, attempt).await.unwrap_or_else(|_| {
        Err(Error::Settings(format!(
            "nothing answers as PostgreSQL at {place} within {} seconds; check the host, the port and the firewall",
            WAIT_MAX.as_secs()
        )))
    })
}

const SHARED: &str = "the database URL leads to a pooler that gives each transaction another session, such as PgBouncer with \
    pool_mode = transaction; use pool_mode = session there, or connect to PostgreSQL directly";
/// How long a second connection may take. A pool with a single session in session mode never gives one.
const SECOND_WITHIN: Duration = Duration::from_secs(1);

/// Whether a pooler gives the sessions of PostgreSQL to several connections. Time limits of statements, plans without
/// sequential scans and the lock of migrations depend on the session, so none of them would hold.
///
/// What one connection sets must be seen by it and not by another. If the second connection cannot be made, nothing is
/// known, and the pool will report the reason.
async fn shares_sessions(conn: &mut PgConnection, options: &PgConnectOptions) -> bool {
    timeout(SECOND_WITHIN, compare(conn, options)).await.is_ok_and(|is_shared| is_shared.unwrap_or(false))
}

async fn compare(conn: &mut PgConnection, options: &PgConnectOptions) -> sqlx::Result<bool> {
    conn.execute("SET keystead.session = 'taken'").await?;
    let mut other = options.connect().await?;
    let is_shared = is_taken(&mut other).await? || !is_taken(conn).await?;
    let _ = other.close().await;
    Ok(is_shared)
}

async fn is_taken(conn: &mut PgConnection) -> sqlx::Result<bool> {
    let row = conn.fetch_one("SELECT current_setting('keystead.session', TRUE)").await?;
    Ok(row.try_get::<Option<String>, _>(0)?.is_some_and(|value| !value.is_empty()))
}

/// Where the server is expected.
enum Place {
    Socket(String),
    Host(String, u16),
}

impl Place {
    fn of(options: &PgConnectOptions) -> Self {
        let port = options.get_port();
        match options.get_socket() {
            Some(folder) => Self::Socket(folder.join(format!(".s.PGSQL.{port}")).display().to_string()),
            None => Self::Host(options.get_host().trim_matches(['[', ']']).to_owned(), port),
        }
    }

    /// Looks the host up, because a failed look-up cannot be told from other errors of a connection.
    async fn find(&self) -> Result<()> {
        let Self::Host(host, port) = self else { return Ok(()) };
        if lookup_host((host.as_str(), *port)).await.is_ok_and(|mut found| found.next().is_some()) {
            return Ok(());
        }
        Err(Error::Settings(format!("the host {host} in the database URL is not known; correct its name")))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => f.write_str(path),
            Self::Host(host, port) if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Host(host, port) => write!(f, "{host}:{port}"),
        }
    }
}

/// Why there is no connection, and what to do.
fn reason(place: &Place, error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(refusal) => {
            refused(refusal.code().unwrap_or_default().as_ref(), refusal.message())
        }
        sqlx::Error::Tls(cause) if cause.to_string().contains("does not support TLS") => format!(
            "the PostgreSQL server at {place} has no TLS; switch it on there, or add sslmode=disable to the database URL \
             if the server is on this machine or on a network that you trust"
        ),
        sqlx::Error::Tls(cause) => format!(
            "the encrypted connection to PostgreSQL failed: {cause}; if a private authority signed the server's \
             certificate, add sslrootcert=FILE to the URL"
        ),
        sqlx::Error::Protocol(cause) if cause.contains("authentication") => format!(
            "the PostgreSQL server at {place} asks for a kind of sign-in that is not supported; use scram-sha-256"
        ),
        sqlx::Error::Protocol(_) => not_postgres(place),
        sqlx::Error::Io(cause) => match cause.kind() {
            ErrorKind::ConnectionRefused => {
                format!("nothing listens at {place}; start PostgreSQL, or correct the host and the port")
            }
            ErrorKind::NotFound => {
                format!("there is no socket {place}; start PostgreSQL, or correct the folder and the port")
            }
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                not_postgres(place)
            }
            _ => format!("PostgreSQL at {place} cannot be reached: {cause}"),
        },
        other => format!("the connection to PostgreSQL failed: {other}"),
    }
}

fn not_postgres(place: &Place) -> String {
    format!("what answers at {place} is not PostgreSQL; correct the host and the port")
}

/// The server's own refusal, by its code.
fn refused(code: &str, message: &str) -> String {
    if message.contains("unsupported startup parameter") {
        return format!(
            "the database URL leads to a pooler that refuses the connection: {message}; connect to PostgreSQL directly, or \
             use PgBouncer with pool_mode = session and ignore_startup_parameters = extra_float_digits"
        );
    }
    let advice = match code {
        // Wrong password, or no rule for this user in pg_hba.conf.
        code if code.starts_with("28") => "correct the user and the password in the database URL",
        "3D000" => "create the database, or correct its name",
        "53300" => "raise max_connections there, or end other clients",
        "57P03" => "try again when it is ready",
        _ => "correct the database URL",
    };
    format!("PostgreSQL refused the connection: {message}; {advice}")
}
