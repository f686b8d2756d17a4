//! The state that all request handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use service::Service;

use crate::assets::Assets;
use crate::config::{DocsReaders, Network, Origin, ServeSettings, THIS_MACHINE};

/// Shared by all requests. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    assets: Assets,
    console_origins: Vec<Origin>,
    has_public_url: bool,
    has_tls: bool,
    trusted_proxies: Vec<Network>,
    docs: DocsReaders,
    service: Service,
    request_timeout: Duration,
    is_stopping: AtomicBool,
}

impl AppState {
    pub fn new(
        assets: Assets,
        service: Service,
        console_origins: Vec<Origin>,
        settings: &ServeSettings,
    ) -> Self {
        Self(Arc::new(Inner {
            assets,
            console_origins,
            has_public_url: settings.http.public_url.is_some(),
            has_tls: settings.http.tls.is_some(),
            trusted_proxies: settings.http.trusted_proxies.clone(),
            docs: docs_readers(settings),
            service,
            request_timeout: settings.http.request_timeout,
            is_stopping: AtomicBool::new(false),
        }))
    }

    /// Records that the server was told to stop.
    pub(crate) fn begin_to_stop(&self) {
        self.0.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the server was told to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        self.0.is_stopping.load(Ordering::Relaxed)
    }

    pub fn assets(&self) -> &Assets {
        &self.0.assets
    }

    /// The origins at which browsers may open the console.
    pub fn console_origins(&self) -> &[Origin] {
        &self.0.console_origins
    }

    /// Whether the console has a public address, which replaces the names of this machine.
    pub fn has_public_url(&self) -> bool {
        self.0.has_public_url
    }

    /// Whether the server has a port with TLS. Then the console is open only there, and behind trusted proxies.
    pub fn has_tls(&self) -> bool {
        self.0.has_tls
    }

    /// Whether browsers should use TLS for the console's host from now on, also at other ports. Other programs of this
    /// machine answer as `localhost` too, so they would be cut off.
    pub fn is_secure(&self) -> bool {
        let is_elsewhere = |origin: &&Origin| self.0.has_public_url || !THIS_MACHINE.contains(&origin.host());
        self.0.console_origins.iter().filter(is_elsewhere).any(Origin::is_secure)
    }

    /// Networks of proxies whose `X-Forwarded-For` is trusted.
    pub fn trusted_proxies(&self) -> &[Network] {
        &self.0.trusted_proxies
    }

    pub fn docs(&self) -> DocsReaders {
        self.0.docs
    }

    pub fn service(&self) -> &Service {
        &self.0.service
    }

    /// Time limit from the head of a request to its answer.
    pub fn request_timeout(&self) -> Duration {
        self.0.request_timeout
    }
}

/// Turns `Local` into `SignedIn` if the server has a public URL or TLS. Such a server also answers clients elsewhere,
/// and a proxy on this machine may forward their requests.
fn docs_readers(settings: &ServeSettings) -> DocsReaders {
    match settings.docs {
        DocsReaders::Local if settings.http.public_url.is_some() || settings.http.tls.is_some() => {
            DocsReaders::SignedIn
        }
        readers => readers,
    }
}
