//! `keystead serve` runs the server.

use std::cell::Cell;
use std::thread;
use std::time::Duration;

use clap::Args;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, timeout_at};

use super::{Failure, print_line};
use crate::boot;
use crate::config::ServeArgs;

/// Time from the stop signal to the end of the process. After the last answers, the server uses the remaining time to
/// write what is still in memory, such as last uses of keys. Supervisors commonly kill a process after 10 seconds.
const ENDS_WITHIN: Duration = Duration::from_millis(9500);

#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    settings: ServeArgs,
}

/// Uses threads on all processors. With a single processor, everything runs on the main thread, because handing work to
/// another thread would only cost time.
fn runtime() -> Builder {
    match thread::available_parallelism() {
        Ok(processors) if processors.get() == 1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    }
}

/// Prints the server's address on a thread of its own, so that the server runs on even if standard output blocks.
fn announce(line: String) {
    let print = move || {
        if let Err(failure) = print_line(&line) {
            tracing::warn!(
                error = failure.source(),
                "the server's address could not be written to standard output"
            );
        }
    };
    if let Err(error) = thread::Builder::new().name("announce".to_owned()).spawn(print) {
        tracing::warn!(%error, "the server's address could not be printed");
    }
}

impl Serve {
    pub(super) fn run(self) -> Result<(), Failure> {
        let settings = self.settings.check()?;
        boot::logs::start(&settings.log)?;
        boot::limits::set(settings.http.connections_max_of_all_ports());
        runtime().enable_all().build()?.block_on(async {
            // The handlers are installed before the address is printed, so that a signal right after that does not kill
            // the process.
            let (mut interrupt, mut terminate) =
                (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
            let server = boot::start(&settings).await?;
            let background = server.service().start_background();
            let backups = settings.backup.clone().map(|schedule| server.service().start_backups(schedule));
            announce(format!("Keystead is ready at {}", server.address()));
            let signalled = Cell::new(None);
            boot::serve(server, async {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                signalled.set(Some(Instant::now()));
                tracing::info!("stopping");
            })
            .await;
            // Writes what is still in memory, such as last uses of keys, and gives up a backup that is being made.
            let until = signalled.get().unwrap_or_else(Instant::now) + ENDS_WITHIN;
            let stop_backups = async {
                if let Some(backups) = backups {
                    backups.stop().await;
                }
            };
            let _too_slow = timeout_at(until, async { tokio::join!(background.stop(), stop_backups) }).await;
            tracing::info!("stopped");
            Ok(())
        })
    }
}
