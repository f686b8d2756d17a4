//! The signals of a server: SIGTERM and SIGINT stop it, SIGHUP lets it read again what can be read again, and SIGUSR1
//! and SIGUSR2 do nothing. The Rust runtime ignores SIGPIPE from the start.

use std::io;
use std::thread;
use std::time::Duration;

use service::{OperatorToken, Service, causes};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::config::{ServeArgs, SettingError};

/// How long a file may take to be read.
const READ_WITHIN: Duration = Duration::from_secs(5);

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
    pub(super) async fn stopped(mut self, settings: &ServeArgs, service: &Service) {
        let mut hangup = self.hangup;
        let rereads = async {
            while hangup.recv().await.is_some() {
                reread(settings, service).await;
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

/// Reads the operator's token again. If that fails, the old one stays.
async fn reread(settings: &ServeArgs, service: &Service) {
    match operator_token(settings.clone()).await {
        Some(Ok(Some(token))) => {
            service.replace_operator_token(Some(token));
            tracing::info!("read again after SIGHUP: operator_token_file");
        }
        Some(Ok(None)) => {
            tracing::info!("read again after SIGHUP: nothing, because operator_token_file is not set");
        }
        Some(Err(error)) => {
            tracing::error!(error = %causes(&error), "SIGHUP changed nothing; the operator's previous token stays valid");
        }
        None => {
            tracing::error!(
                "SIGHUP changed nothing, because the file of the token could not be read in time"
            );
        }
    }
}

/// Reads the file on a thread of its own. If it hangs, neither requests nor the end of the process wait for it.
async fn operator_token(settings: ServeArgs) -> Option<Result<Option<OperatorToken>, SettingError>> {
    let (send, receive) = oneshot::channel();
    let read = move || {
        // Sending fails only if the server ends meanwhile.
        let _ended = send.send(settings.reread_operator_token());
    };
    thread::Builder::new().name("reread".to_owned()).spawn(read).ok()?;
    timeout(READ_WITHIN, receive).await.ok()?.ok()
}
