//! PostgreSQL: a connection pool with verified encryption and durable commits.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, PgPool};
use url::Url;

use super::first_connection;
use super::pooled_connection::answer_within;
use super::primary::PrimaryWatch;
use super::writer::WAIT_MAX;
use crate::{Error, Result};

/// Runs on every new connection. The timeouts keep a statement or an abandoned transaction from blocking others for
/// long. Every statement of this crate reads few rows through indexes. `enable_seqscan = off` keeps the planner from
/// reading whole tables when it has no statistics, as after a bulk import. `jit = off` keeps it from compiling
/// statements that run only briefly.
const SESSION: &str = "SET statement_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'; \
    SET enable_seqscan = off; SET jit = off";
const REPLICA: &str = "this PostgreSQL server is a read-only replica; name the primary";
/// A connection that was idle for longer than this is tested before it is used.
const IDLE_WITHOUT_PING_MAX: Duration = Duration::from_secs(1);
/// A connection that does not answer the test within this time is closed. The caller still has time to try others or to
/// open a new one.
const PING_TIMEOUT: Duration = Duration::from_secs(1);
/// How long the search for a new primary may take.
const LOOK_TIMEOUT: Duration = Duration::from_secs(2);

/// Connects, and refuses a server whose settings would break a guarantee.
pub(super) async fn open(url: &Url, connections_max: u32, primary: &Arc<PrimaryWatch>) -> Result<PgPool> {
    let options = options(url)?;
    first_connection::try_once(&options).await?;
    // The pool reports no causes, so a replica is refused separately below.
    let checked = Arc::new(OnceLock::new());
    let is_checked = Arc::clone(&checked);
    let (before, after) = (Arc::clone(primary), Arc::clone(primary));
    let pool = PoolOptions::new()
        .max_connections(connections_max.max(1))
        .acquire_timeout(WAIT_MAX)
        .test_before_acquire(false)
        .before_acquire(move |conn: &mut PgConnection, times| {
            let is_outdated = before.is_outdated(times.age);
            Box::pin(async move {
                if is_outdated {
                    return Ok(false);
                }
                if times.idle_for > IDLE_WITHOUT_PING_MAX {
                    answer_within(PING_TIMEOUT, conn.ping()).await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |conn: &mut PgConnection, _| {
            let refuses_replicas = is_checked.get().is_some();
            let primary = Arc::clone(&after);
            Box::pin(async move {
                conn.execute(SESSION).await?;
                if refuses_replicas {
                    refuse_replica(conn).await?;
                }
                primary.check(conn).await
            })
        })
        .connect_with(options)
        .await?;
    check(&pool).await?;
    let _it_is_the_first = checked.set(());
    Ok(pool)
}

/// Refuses a connection to a replica, which a changed DNS name or a proxy can lead to. A replica lags behind. A server
/// becomes a replica only by a restart, which ends its connections, so it is sufficient to check each new connection.
/// The pool logs the error and retries until the caller's wait ends.
async fn refuse_replica(conn: &mut PgConnection) -> sqlx::Result<()> {
    let (is_replica,): (bool,) = sqlx::query_as("SELECT pg_is_in_recovery()").fetch_one(conn).await?;
    if is_replica { Err(sqlx::Error::Configuration(REPLICA.into())) } else { Ok(()) }
}

/// Finds out with a new connection whether the address leads to another primary by now. If it does, the connections of
/// the pool are outdated. They may still work, for example if a name was changed to lead to another machine.
pub(super) async fn look_for_new_primary(pool: &PgPool, primary: &PrimaryWatch) -> Result<()> {
    let options = pool.connect_options();
    let looked = async {
        let mut conn = options.connect().await?;
        refuse_replica(&mut conn).await?;
        primary.check(&mut conn).await?;
        conn.close().await
    };
    Ok(answer_within(LOOK_TIMEOUT, looked).await?)
}

/// Whether a database contains Keystead's tables.
pub(super) async fn holds_keystead(url: &Url) -> Result<bool> {
    const SQL: &str =
        "SELECT to_regclass('_sqlx_migrations') IS NOT NULL AND to_regclass('organizations') IS NOT NULL";
    let pool = open(url, 1, &Arc::default()).await?;
    let (holds,): (bool,) = sqlx::query_as(SQL).fetch_one(&pool).await?;
    pool.close().await;
    Ok(holds)
}

/// The connection options of a URL. Encryption is verified unless the URL sets `sslmode` or the server is on this
/// machine. Modes that can silently fall back to plain text are refused.
fn options(url: &Url) -> Result<PgConnectOptions> {
    let unreadable = |error| Error::Settings(format!("the database URL cannot be used: {error}"));
    let options = PgConnectOptions::from_url(url).map_err(unreadable)?.disable_statement_logging();
    let is_named = url.query_pairs().any(|(name, _)| matches!(&*name, "sslmode" | "ssl-mode"));
    let is_local = options.get_socket().is_some() || is_loopback(options.get_host());
    match (is_named, is_local, options.get_ssl_mode()) {
        (false, false, _) => Ok(options.ssl_mode(PgSslMode::VerifyFull)),
        (false, true, _) => Ok(options.ssl_mode(PgSslMode::Prefer)),
        (true, false, PgSslMode::Allow | PgSslMode::Prefer) => Err(Error::Settings(
            "the sslmode of the database URL could silently fall back to an unencrypted connection; use \
             sslmode=verify-full, verify-ca or require, or sslmode=disable on a network that you trust"
                .to_owned(),
        )),
        (true, ..) => Ok(options),
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Refuses a server that acknowledges commits before they are durable, that cannot store all texts, or that is
/// read-only.
async fn check(pool: &PgPool) -> Result<()> {
    let (durable, encoding, is_replica): (String, String, bool) = sqlx::query_as(
        "SELECT current_setting('synchronous_commit'), current_setting('server_encoding'), pg_is_in_recovery()",
    )
    .fetch_one(pool)
    .await?;
    let refused = |sentence: &str| Err(Error::Settings(sentence.to_owned()));
    if durable == "off" {
        return refused(
            "PostgreSQL has synchronous_commit = off, so a crash could lose what was acknowledged; set it to on",
        );
    }
    if encoding != "UTF8" {
        return refused("the PostgreSQL database is not encoded in UTF8; create it with ENCODING 'UTF8'");
    }
    if is_replica {
        return refused(REPLICA);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> Option<String> {
        options(&Url::parse(url).unwrap()).ok().map(|options| format!("{:?}", options.get_ssl_mode()))
    }

    #[test]
    fn encryption_is_verified_unless_the_url_or_a_local_server_makes_it_unnecessary() {
        for (url, expected) in [
            ("postgres://u@db.example.com/k", Some("VerifyFull")),
            ("postgres://u@10.0.0.7/k", Some("VerifyFull")),
            ("postgres://u@localhost.example.com/k", Some("VerifyFull")),
            ("postgres://u@localhost/k", Some("Prefer")),
            ("postgres://u@127.0.0.1:5433/k", Some("Prefer")),
            ("postgres://u@[::1]/k", Some("Prefer")),
            ("postgres://u@%2Fvar%2Frun%2Fpostgresql/k", Some("Prefer")),
            ("postgres://u@db.example.com/k?host=/var/run/postgresql", Some("Prefer")),
            ("postgres://u@localhost/k?host=db.example.com", Some("VerifyFull")),
            ("postgres://u@db.example.com/k?sslmode=require", Some("Require")),
            ("postgres://u@db.example.com/k?sslmode=disable", Some("Disable")),
            ("postgres://u@db.example.com/k?sslmode=prefer", None),
            ("postgres://u@db.example.com/k?ssl-mode=allow", None),
            ("postgres://u@db.example.com/k?sslmode=nonsense", None),
        ] {
            assert_eq!(mode(url).as_deref(), expected, "{url}");
        }
    }
}
