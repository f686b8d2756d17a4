//! Builds everything a running server is made of.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::Router;
use tokio::net::TcpListener;

use super::{BootError, folder};
use crate::{
    assets::Assets,
    config::{HttpSettings, Origin, ServeSettings},
    listener::Limits,
    router::router,
    state::AppState,
};

/// A server that listens, and answers as soon as it is served.
pub struct Server {
    pub(crate) listener: TcpListener,
    pub(crate) router: Router,
    pub(crate) limits: Limits,
    address: String,
}

impl Server {
    /// The address to open in a browser.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address that is listened on, with the port the system chose where the settings left it open.
    pub fn local_address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Opens the database, listens, and puts the routes together.
pub async fn start(settings: &ServeSettings) -> Result<Server, BootError> {
    let listen = settings.http.listen;
    let refuse = |source| BootError::Listen { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(refuse)?;
    let local = listener.local_addr().map_err(refuse)?;

    folder::prepare(&settings.service.store)?;
    // The service is opened here, from `settings.service`, and handed to the state below.

    let origins = console_origins(&settings.http, local);
    let address = origins.first().map(ToString::to_string).unwrap_or_default();
    let state = AppState::new(Assets::of_this_build(), origins, settings);
    Ok(Server { listener, router: router(&state), limits: Limits::new(&settings.http), address })
}

/// Where browsers may open the console, the address to show first.
///
/// Without `public_url` only names of this machine count: on any other, plain http loses the session cookie, and a
/// foreign name pointing here (DNS rebinding) must not reach the console.
fn console_origins(settings: &HttpSettings, local: SocketAddr) -> Vec<Origin> {
    if let Some(origin) = &settings.public_url {
        return vec![origin.clone()];
    }
    let (port, ip) = (local.port(), local.ip().to_canonical());
    if !ip.is_loopback() && !ip.is_unspecified() {
        tracing::warn!(
            "the console opens only on this machine itself; set public_url to open it from elsewhere"
        );
    }
    let mut hosts = vec!["127.0.0.1".to_owned(), "localhost".to_owned(), "[::1]".to_owned()];
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
