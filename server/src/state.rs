//! What every request can reach.

use std::{sync::Arc, time::Duration};

use service::Service;

use crate::{
    assets::Assets,
    config::{Network, Origin, ServeSettings},
};

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    assets: Assets,
    console_origins: Vec<Origin>,
    trusted_proxies: Vec<Network>,
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

    /// Networks whose forwarded addresses are believed.
    pub fn trusted_proxies(&self) -> &[Network] {
        &self.0.trusted_proxies
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
