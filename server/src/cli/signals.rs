//! The signals of a server: SIGTERM and SIGINT stop it, SIGHUP lets it read again what can be read again, and SIGUSR1
//! and SIGUSR2 do nothing. The Rust runtime ignores SIGPIPE from the start.

use std::io;

use service::{Service, causes};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::in_time::in_time;
use super::reread::ConfigFile;
use crate::config::{ServeArgs, Sources};
use crate::tls::WatchedFiles;

/// What a running server can read again.
pub(super) struct Rereadable<'a> {
    pub(super) settings: &'a ServeArgs,
    pub(super) sources: &'a Sources,
    pub(super) service: &'a Service,
    pub(super) certificate: Option<WatchedFiles>,
}

/// The handlers. From their installation on, none of these signals ends the process by itself.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    pub(super) fn install() -> io::Result<Self> {
        // A handler stays installed after its receiver is dropped.
        let _installed = (signal(SignalKind::user_defined1())?, signal(SignalKind::user_defined2())?);
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for the signal to stop. Each SIGHUP until then reads again what can be read again.
    pub(super) async fn stopped(mut self, rereadable: Rereadable<'_>) {
        let mut hangup = self.hangup;
        let mut config_file = ConfigFile::new(rereadable.sources);
        let rereads = async {
            while hangup.recv().await.is_some() {
                rereadable.reread(&mut config_file).await;
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            // Never completes: there is always a handler.
            () = rereads => {}
        }
    }
}

impl Rereadable<'_> {
    /// Reads everything again. Each part is reported by itself. If one fails, its old value stays.
    async fn reread(&self, config_file: &mut ConfigFile) {
        let token = self.reread_operator_token().await;
        let certificate = self.reread_certificate().await;
        let settings = config_file.reread().await;
        if !token && !certificate && !settings {
            tracing::info!(
                "read again after SIGHUP: nothing, because none of operator_token_file, tls_cert and config is set"
            );
        }
    }

    /// Returns whether there is a file to read.
    async fn reread_operator_token(&self) -> bool {
        let settings = self.settings.clone();
        match in_time(move || settings.reread_operator_token()).await {
            Some(Ok(None)) => return false,
            Some(Ok(Some(token))) => {
                self.service.replace_operator_token(Some(token));
                tracing::info!("read again after SIGHUP: operator_token_file");
            }
            Some(Err(error)) => tracing::error!(
                error = %causes(&error),
                "the operator's token was not read again after SIGHUP; the previous one stays valid"
            ),
            None => tracing::error!(
                "the operator's token was not read again after SIGHUP, because its file could not be read in time"
            ),
        }
        true
    }

    /// Returns whether there are files to read.
    async fn reread_certificate(&self) -> bool {
        let Some(files) = self.certificate.clone() else { return false };
        match in_time(move || files.reread()).await {
            Some(Ok(())) => tracing::info!("read again after SIGHUP: tls_cert and tls_key"),
            Some(Err(error)) => tracing::error!(
                error = %causes(&error),
                "the certificate was not read again after SIGHUP; the previous one stays in use"
            ),
            None => tracing::error!(
                "the certificate was not read again after SIGHUP, because its files could not be read in time"
            ),
        }
        true
    }
}
