//! The signals of a server: SIGTERM and SIGINT stop it, SIGHUP lets it read again what can be read again, and SIGUSR1
//! and SIGUSR2 do nothing. The Rust runtime ignores SIGPIPE from the start.

use std::io;
use std::thread;
use std::time::Duration;

use service::{Service, causes};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::config::{ServeArgs, SettingError};
use crate::tls::WatchedFiles;

/// How long a file may take to be read.
const READ_WITHIN: Duration = Duration::from_secs(5);

/// What a running server can read again.
pub(super) struct Rereadable<'a> {
    pub(super) settings: &'a ServeArgs,
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
        let rereads = async {
            while hangup.recv().await.is_some() {
                rereadable.reread().await;
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
    async fn reread(&self) {
        let is_token_set = self.reread_operator_token().await;
        let is_certificate_set = self.reread_certificate().await;
        if !is_token_set && !is_certificate_set {
            tracing::info!(
                "read again after SIGHUP: nothing, because neither operator_token_file nor tls_cert is set"
            );
        }
    }

    /// Returns whether there is a file to read.
    async fn reread_operator_token(&self) -> bool {
        let settings = self.settings.clone();
        match on_a_thread(move || settings.reread_operator_token()).await {
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
        match on_a_thread(move || files.reread()).await {
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

/// Reads files on a thread of its own. If it hangs, neither requests nor the end of the process wait for it.
async fn on_a_thread<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, SettingError> + Send + 'static,
) -> Option<Result<T, SettingError>> {
    let (send, receive) = oneshot::channel();
    let work = move || {
        // Sending fails only if the server ends meanwhile.
        let _ended = send.send(read());
    };
    thread::Builder::new().name("reread".to_owned()).spawn(work).ok()?;
    timeout(READ_WITHIN, receive).await.ok()?.ok()
}
