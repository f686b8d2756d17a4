//! `keystead serve` runs the server.

use std::cell::Cell;
use std::thread;
use std::time::Duration;

use clap::Args;
use service::causes;
use tokio::runtime::Builder;
use tokio::time::{Instant, timeout_at};

use super::signals::{Rereadable, Signals};
use super::{Failure, print_line};
use crate::boot::{self, BootError};
use crate::config::{ServeArgs, Sources, TraceSettings};
use crate::traces::Exporter;

/// Time from the stop signal to the end of the process. After the last answers, the server uses the remaining time to
/// write what is still in memory, such as last uses of keys. Supervisors commonly kill a process after 10 seconds.
const ENDS_WITHIN: Duration = Duration::from_millis(9500);

/// Time for the spans that are not sent when the server has stopped. Traces are worth less than a quick restart.
const SPANS_SENT_WITHIN: Duration = Duration::from_secs(2);

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
                error = failure.source().map(|cause| display(causes(cause))),
                "the server's address could not be written to standard output"
            );
        }
    };
    if let Err(error) = thread::Builder::new().name("announce".to_owned()).spawn(print) {
        tracing::warn!(error = %causes(&error), "the server's address could not be printed");
    }
}

fn exporter(settings: &TraceSettings) -> Result<Exporter, BootError> {
    Exporter::new(settings).map_err(|error| BootError::Traces(Box::new(error)))
}

impl Serve {
    pub(super) fn run(self, sources: &Sources) -> Result<(), Failure> {
        let settings = self.settings.check()?;
        runtime().enable_all().build()?.block_on(async {
            let traces = settings.traces.as_ref().map(exporter).transpose()?;
            boot::logs::start(&settings.log, traces.as_ref().map(Exporter::layer))?;
            for warning in sources.warnings() {
                tracing::warn!("{warning}");
            }
            // The handlers are installed before the address is printed, so that a signal right after that does not kill
            // the process.
            let signals = Signals::install()?;
            let ports = boot::bind(&settings).await?;
            // What this logs comes after the first line, which names the version and the addresses.
            boot::limits::set(settings.http.connections_max_of_all_ports());
            let server = boot::start_on(ports, &settings).await?;
            let background = server.service().start_background();
            let backups = settings.backup.clone().map(|schedule| server.service().start_backups(schedule));
            announce(format!("Keystead is ready at {}", server.address()));
            let (signalled, service) = (Cell::new(None), server.service().clone());
            let certificate = server.certificate_files();
            let rereadable = Rereadable { settings: &self.settings, sources, service: &service, certificate };
            boot::serve(server, async {
                signals.stopped(rereadable).await;
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
            let _too_slow = timeout_at(until, service.close()).await;
            if let Some(traces) = traces {
                traces.stop(SPANS_SENT_WITHIN.min(until.saturating_duration_since(Instant::now()))).await;
            }
            tracing::info!("stopped");
            Ok(())
        })
    }
}
