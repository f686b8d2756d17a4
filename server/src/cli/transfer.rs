//! Shared code of the commands that read or write a whole database.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write, stderr};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use service::{BackupFile, Progress, TableTally};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Failure;

/// SIGXFSZ on Linux: a file has reached the limit of `ulimit -f`.
const FILE_SIZE_EXCEEDED: i32 = 25;
const SHOWN_EVERY: Duration = Duration::from_secs(1);

/// The result of a command, as one line of JSON.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    /// The number of rows of each table.
    rows: BTreeMap<&'static str, u64>,
    seconds: f64,
}

impl<'a> Report<'a> {
    pub(super) fn new(tables: &[TableTally], seconds: f64) -> Self {
        let rows = tables.iter().map(|table| (table.name, table.rows)).collect();
        Self { file: None, bytes: None, sha256: None, rows, seconds }
    }

    /// The line that says which backup was read.
    pub(super) fn line_of(backup: &'a BackupFile, seconds: f64) -> Result<String, Failure> {
        let report = Self::new(&backup.tables(), seconds);
        report.of_file(backup.path(), backup.bytes(), backup.sha256()).to_line()
    }

    pub(super) fn of_file(self, file: &'a Path, bytes: u64, sha256: [u8; 32]) -> Self {
        Self { file: Some(file), bytes: Some(bytes), sha256: Some(hex::encode(sha256)), ..self }
    }

    pub(super) fn to_line(&self) -> Result<String, Failure> {
        Ok(serde_json::to_string(self)?)
    }
}

/// Runs `work`, and meanwhile shows on a terminal how many rows it has handled. Returns its result and the seconds that
/// it took.
pub(super) async fn watched<T, E: Into<Failure>>(
    progress: &Progress,
    work: impl Future<Output = Result<T, E>>,
) -> Result<(T, f64), Failure> {
    // Without a handler, the signal would end the process before it could remove a file that is not whole.
    let _handled: Option<Signal> = signal(SignalKind::from_raw(FILE_SIZE_EXCEEDED)).ok();
    let start = Instant::now();
    let is_shown = stderr().is_terminal();
    let mut ticks = interval(SHOWN_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    tokio::pin!(work);
    let outcome = loop {
        tokio::select! {
            outcome = &mut work => break outcome,
            _ = ticks.tick(), if is_shown => show(&format!("\r{} rows", progress.rows())),
        }
    };
    if is_shown {
        show("\r\u{1b}[K");
    }
    let seconds = (start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
    outcome.map(|done| (done, seconds)).map_err(Into::into)
}

/// Gives up a backup at the first signal that asks the process to stop, so that nothing of it is left.
pub(super) fn stop_on_signal(progress: &Progress) -> Result<(), Failure> {
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let (mut signals, progress) = (signal(kind)?, progress.clone());
        tokio::spawn(async move {
            signals.recv().await;
            progress.stop();
        });
    }
    Ok(())
}

/// Writes to the terminal. If it is gone, nobody waits for the text.
fn show(text: &str) {
    let mut out = stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
