//! The signals of a server: SIGTERM and SIGINT stop it, SIGHUP lets it read again what can be read again, and SIGUSR1
//! and SIGUSR2 do nothing. The Rust runtime ignores SIGPIPE from the start.

use std::io;

use service::{Service, causes};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::in_time::in_time;
use super::reread::ConfigFile;
use crate::config::{ServeArgs, Sources};

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

    /// Waits for the signal to stop. Each SIGHUP until then reads the settings again.
    pub(super) async fn stopped(mut self, settings: &ServeArgs, sources: &Sources, service: &Service) {
        let mut hangup = self.hangup;
        let mut config_file = ConfigFile::new(sources);
        let rereads = async {
            while hangup.recv().await.is_some() {
                // Each reports by itself what it has read, or why it changed nothing.
                let read = [reread_token(settings, service).await, config_file.reread().await];
                if !read.contains(&true) {
                    tracing::info!(
                        "read again after SIGHUP: nothing, because neither operator_token_file nor config is set"
                    );
                }
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

/// Reads the operator's token again. If that fails, the old one stays. Returns whether there is a file to read.
async fn reread_token(settings: &ServeArgs, service: &Service) -> bool {
    let settings = settings.clone();
    match in_time(move || settings.reread_operator_token()).await {
        Some(Ok(Some(token))) => {
            service.replace_operator_token(Some(token));
            tracing::info!("read again after SIGHUP: operator_token_file");
        }
        Some(Ok(None)) => return false,
        Some(Err(error)) => {
            tracing::error!(error = %causes(&error), "SIGHUP changed nothing; the operator's previous token stays valid");
        }
        None => {
            tracing::error!(
                "SIGHUP changed nothing, because the file of the token could not be read in time"
            );
        }
    }
    true
}
