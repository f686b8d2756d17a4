//! Binds the ports of a server, and says in the log what starts there.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::BootError;
use crate::config::{Database, ServeSettings};

const LISTEN: &str = "--listen (KEYSTEAD_LISTEN)";
const TLS_LISTEN: &str = "--tls-listen (KEYSTEAD_TLS_LISTEN)";
const METRICS_LISTEN: &str = "--metrics-listen (KEYSTEAD_METRICS_LISTEN)";
const ENVOY_GRPC_LISTEN: &str = "--envoy-grpc-listen (KEYSTEAD_ENVOY_GRPC_LISTEN)";

/// The bound ports of a server.
pub struct Ports {
    pub(super) listener: TcpListener,
    /// The address of `listener`, with the actual port if the settings let the system choose one.
    pub(super) local: SocketAddr,
    /// The listener with TLS, and its actual address.
    pub(super) tls: Option<(TcpListener, SocketAddr)>,
    pub(super) envoy: Option<TcpListener>,
    pub(super) metrics: Option<TcpListener>,
}

/// Binds the ports and logs the first line. Nothing else is logged before it, so it is always at the top of the log.
pub async fn bind(settings: &ServeSettings) -> Result<Ports, BootError> {
    let (listener, local) = listen(LISTEN, settings.http.listen).await?;
    let tls = match &settings.http.tls {
        Some(tls) => Some(listen(TLS_LISTEN, tls.listen).await?),
        None => None,
    };
    let (envoy, envoy_local) = listen_if_set(ENVOY_GRPC_LISTEN, settings.http.envoy_grpc_listen).await?;
    let (metrics, metrics_local) = listen_if_set(METRICS_LISTEN, settings.http.metrics_listen).await?;
    let (database, folder) = described(&settings.service.store.database);
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        listen = %local,
        tls_listen = tls.as_ref().map(|(_, local)| tracing::field::display(local)),
        envoy_grpc_listen = envoy_local.map(tracing::field::display),
        metrics_listen = metrics_local.map(tracing::field::display),
        database,
        data_dir = folder,
        "Keystead is starting"
    );
    report_plain_ports(settings);
    Ok(Ports { listener, local, tls, envoy, metrics })
}

/// Says which ports take keys in the clear from other machines. Trusted proxies mean that TLS ends in front.
fn report_plain_ports(settings: &ServeSettings) {
    let ports = plain_ports(settings);
    if !ports.is_empty() {
        tracing::warn!(
            settings = ports.join(", "),
            "other machines may reach a port without TLS and send keys there in the clear; set tls_cert and tls_key or \
             tls_acme, put a proxy with TLS in front and set trusted_proxies, or listen on 127.0.0.1"
        );
    }
}

fn plain_ports(settings: &ServeSettings) -> Vec<&'static str> {
    if !settings.http.trusted_proxies.is_empty() {
        return Vec::new();
    }
    let ports =
        [("listen", Some(settings.http.listen)), ("envoy_grpc_listen", settings.http.envoy_grpc_listen)];
    let is_open = |address: &SocketAddr| !address.ip().to_canonical().is_loopback();
    ports
        .into_iter()
        .filter(|(_, address)| address.as_ref().is_some_and(is_open))
        .map(|(name, _)| name)
        .collect()
}

async fn listen_if_set(
    setting: &'static str,
    address: Option<SocketAddr>,
) -> Result<(Option<TcpListener>, Option<SocketAddr>), BootError> {
    let Some(address) = address else { return Ok((None, None)) };
    let (listener, local) = listen(setting, address).await?;
    Ok((Some(listener), Some(local)))
}

async fn listen(setting: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), BootError> {
    let refuse = |source| BootError::Listen { setting, address, source };
    let listener = TcpListener::bind(address).await.map_err(refuse)?;
    let local = listener.local_addr().map_err(refuse)?;
    Ok((listener, local))
}

/// The kind of database, and the folder of an embedded one. The address of a PostgreSQL may contain a password, so it
/// is not logged.
fn described(database: &Database) -> (&'static str, Option<String>) {
    match database {
        Database::Sqlite(file) => {
            let file = std::path::absolute(file).unwrap_or_else(|_| file.clone());
            ("SQLite", file.parent().map(|folder| folder.display().to_string()))
        }
        Database::Postgres(_) => ("PostgreSQL", None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_database_server_is_not_logged() {
        let url = "postgres://me:hunter2@db/keystead".parse().unwrap();
        assert_eq!(described(&Database::Postgres(url)), ("PostgreSQL", None));
        let file = Database::Sqlite("/srv/data/keystead.db".into());
        assert_eq!(described(&file), ("SQLite", Some("/srv/data".to_owned())));
    }
}
