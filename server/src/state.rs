//! What every request can reach.

use std::{sync::Arc, time::Duration};

use service::Service;

use crate::{
    assets::Assets,
    config::{DocsReaders, Network, Origin, ServeSettings},
};

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    assets: Assets,
    console_origins: Vec<Origin>,
    trusted_proxies: Vec<Network>,
    docs: DocsReaders,
    service: Service,
    request_timeout: Duration,
}

impl AppState {
    /// Puts the state together.
    pub fn new(
        assets: Assets,
        service: Service,
        console_origins: Vec<Origin>,
        settings: &ServeSettings,
    ) -> Self {
        Self(Arc::new(Inner {
            assets,
            console_origins,
            trusted_proxies: settings.http.trusted_proxies.clone(),
            docs: docs_readers(settings),
            service,
            request_timeout: settings.http.request_timeout,
        }))
    }

    /// The console's files.
    pub fn assets(&self) -> &Assets {
        &self.0.assets
    }

    /// Where browsers may open the console.
    pub fn console_origins(&self) -> &[Origin] {
        &self.0.console_origins
    }

    /// Whether browsers reach the console by TLS.
    pub fn is_secure(&self) -> bool {
        self.0.console_origins.iter().any(Origin::is_secure)
    }

    /// Networks whose forwarded addresses are believed.
    pub fn trusted_proxies(&self) -> &[Network] {
        &self.0.trusted_proxies
    }

    /// Who may read the description of the API.
    pub fn docs(&self) -> DocsReaders {
        self.0.docs
    }

    /// What everything is done with.
    pub fn service(&self) -> &Service {
        &self.0.service
    }

    /// Time from the head of a request to its answer.
    pub fn request_timeout(&self) -> Duration {
        self.0.request_timeout
    }
}

/// A server with a public address is for others too, also where a proxy on this machine hands their requests on.
fn docs_readers(settings: &ServeSettings) -> DocsReaders {
    match settings.docs {
        DocsReaders::Local if settings.http.public_url.is_some() => DocsReaders::SignedIn,
        readers => readers,
    }
}
