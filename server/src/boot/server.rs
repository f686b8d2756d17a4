//! Builds everything that a running server consists of.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use app::paths;
use service::Service;
use tokio::net::TcpListener;

use super::ports::{Ports, bind};
use super::seal_key::seal_key;
use super::{BootError, open_or_create};
use crate::assets::Assets;
use crate::config::{AddressSettings, Network, Origin, ServeSettings, THIS_MACHINE, TlsSettings};
use crate::fast_path::FastPath;
use crate::listener::Limits;
use crate::state::AppState;
use crate::tls::{self, TlsPort, WatchedFiles};

/// A server that is bound to its ports. It answers once `boot::serve` runs.
pub struct Server {
    pub(crate) listener: TcpListener,
    pub(crate) fast_path: FastPath,
    /// The listener with TLS.
    pub(crate) tls: Option<(TcpListener, TlsPort)>,
    /// The listener for Envoy's gRPC, and the state of its handlers.
    pub(crate) envoy: Option<(TcpListener, AppState)>,
    /// The listener for Prometheus.
    pub(crate) metrics: Option<TcpListener>,
    /// Networks of proxies that make requests for many clients.
    pub(crate) trusted_proxies: Vec<Network>,
    pub limits: Limits,
    pub(crate) service: Service,
    address: String,
}

impl Server {
    /// The address to open in a browser.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn service(&self) -> &Service {
        &self.service
    }

    /// The address of the listener for Prometheus, if there is one.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref()?.local_addr().ok()
    }

    /// The address of the listener with TLS, if there is one.
    pub fn tls_address(&self) -> Option<SocketAddr> {
        self.tls.as_ref()?.0.local_addr().ok()
    }

    /// The operator's files with the certificate, if there are any.
    pub fn certificate_files(&self) -> Option<WatchedFiles> {
        self.tls.as_ref()?.1.files.clone()
    }

    /// The address of the listener, with the actual port if the settings let the system choose one.
    pub fn local_address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Binds the ports, opens the database, and builds the routes.
pub async fn start(settings: &ServeSettings) -> Result<Server, BootError> {
    start_on(bind(settings).await?, settings).await
}

/// Opens the database and builds the routes, for ports that are bound.
pub async fn start_on(ports: Ports, settings: &ServeSettings) -> Result<Server, BootError> {
    // Read before the database is opened, so that a wrong file changes nothing.
    let data_dir = &settings.service.store.data_dir;
    let tls_port = settings.http.tls.as_ref().map(|tls| TlsPort::open(tls, data_dir)).transpose()?;
    let service = open_or_create(&settings.service).await?;
    let server = build(service.clone(), ports, tls_port, settings).await;
    if server.is_err() {
        service.close().await;
    }
    server
}

async fn build(
    mut service: Service,
    ports: Ports,
    tls_port: Option<TlsPort>,
    settings: &ServeSettings,
) -> Result<Server, BootError> {
    let Ports { listener, local, tls, envoy, metrics } = ports;
    service = service.with_operator(settings.operator_token.clone()).with_node_name(&settings.node_name);
    if let Some(key) = seal_key(settings)? {
        service = service.with_seal_key(key);
    }
    let secure =
        settings.http.tls.as_ref().zip(tls.as_ref()).map(|(settings, (_, local))| (settings, local.port()));
    if settings.http.public_url.is_none() {
        report_local_console(local, secure);
    }
    let origins = console_origins(settings.http.public_url.as_ref(), local, secure);
    let address = first_address(&service, &origins).await?;
    let state = AppState::new(Assets::of_this_build(), service.clone(), origins, settings);
    let envoy = envoy.map(|listener| (listener, state.clone()));
    Ok(Server {
        listener,
        tls: tls.map(|(listener, _)| listener).zip(tls_port),
        envoy,
        metrics,
        fast_path: FastPath::new(state),
        trusted_proxies: settings.http.trusted_proxies.clone(),
        limits: Limits::new(&settings.http),
        service,
        address,
    })
}

/// Returns the console's address, with the one-time setup link as long as nobody has set up the console. The link is
/// shown only on the terminal, because the first person who opens it becomes the admin.
async fn first_address(service: &Service, origins: &[Origin]) -> Result<String, BootError> {
    let origin = origins.first().map(ToString::to_string).unwrap_or_default();
    let link = service.issue_setup_link().await.map_err(BootError::database)?;
    Ok(match link {
        Some(token) => format!("{origin}{}", paths::with_token(paths::SETUP, token.reveal())),
        None => origin,
    })
}

/// The origins at which browsers may open the console. The first one is the address to show.
///
/// Without `public_url`, only names of this machine are allowed. Under any other name, the browser drops the session
/// cookie over plain http, and a foreign name that points here (DNS rebinding) must not reach the console. With TLS,
/// the names in the certificate are allowed too. `secure` is the port with TLS.
fn console_origins(
    public_url: Option<&Origin>,
    local: SocketAddr,
    secure: Option<(&TlsSettings, u16)>,
) -> Vec<Origin> {
    if let Some(origin) = public_url {
        return vec![origin.clone()];
    }
    if let Some((settings, port)) = secure {
        let mut names = tls::names(settings);
        if names.is_empty() {
            names = THIS_MACHINE.map(ToOwned::to_owned).into();
        }
        return names.iter().map(|name| Origin::secure(name, port)).collect();
    }
    let (port, ip) = (local.port(), local.ip().to_canonical());
    let mut hosts: Vec<_> = THIS_MACHINE.map(ToOwned::to_owned).into();
    let shown = match ip {
        IpAddr::V4(ip) if ip.is_loopback() && ip != Ipv4Addr::LOCALHOST => Some(ip.to_string()),
        IpAddr::V6(Ipv6Addr::LOCALHOST) => Some("[::1]".to_owned()),
        _ => None,
    };
    if let Some(shown) = shown {
        hosts.retain(|host| *host != shown);
        hosts.insert(0, shown);
    }
    hosts.iter().map(|host| Origin::local(host, port)).collect()
}

/// Says where the console can be opened without `public_url`, if the server listens on more than this machine's own
/// addresses.
fn report_local_console(local: SocketAddr, secure: Option<(&TlsSettings, u16)>) {
    if let Some((settings, _)) = secure {
        if tls::names(settings).is_empty() {
            tracing::warn!(
                "the console can be opened only on this machine, because the certificate contains no name but wildcards; \
                 set public_url to open it under another name"
            );
        }
        return;
    }
    let ip = local.ip().to_canonical();
    if ip.is_unspecified() {
        // Usual in a container, whose port is published under another number.
        tracing::info!(
            "the console can be opened only as localhost, with the port at which this server is reached; set public_url \
             to open it under another name"
        );
    } else if !ip.is_loopback() {
        tracing::warn!(
            "the console can be opened only on this machine; set public_url to open it from other machines"
        );
    }
}

/// The console's address that a server with these settings prints, or `None` if the system chooses the port.
pub fn console_address(settings: &AddressSettings) -> Option<Origin> {
    let secure = settings.tls.as_ref().map(|tls| (tls, tls.listen.port()));
    let port = secure.map_or(settings.listen.port(), |(_, port)| port);
    if settings.public_url.is_none() && port == 0 {
        return None;
    }
    console_origins(settings.public_url.as_ref(), settings.listen, secure).into_iter().next()
}

/// Reads the files of the certificate, if there are any, to find out whether they can be used.
pub fn check_certificate(settings: &ServeSettings) -> Result<(), BootError> {
    Ok(settings.http.tls.as_ref().map_or(Ok(()), tls::check)?)
}
