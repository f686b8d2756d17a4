//! Writes log lines to standard error.
//!
//! Code that logs never waits for standard error and never sees its errors: lines go into a bounded queue, and one
//! thread writes them. A full disk, a closed pipe or a stopped reader only loses lines, and the lost lines are counted.
//! `tracing-appender` would lose lines silently when a write fails, and it prints to standard output when it ends.

mod lost;
mod plain;
mod queue;
mod writer;

use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use service::TRACES;
use tracing::Metadata;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, Registry, reload};

pub use self::lost::lost_lines;
use self::plain::plain;
use self::queue::Queue;
use self::writer::Writer;
use crate::config::{LogFormat, LogSettings};
use crate::request_id::RequestId;
use crate::traces::TracedSpans;

/// Maximum size of the lines that wait to be written, in bytes: enough for about 4,000 requests.
const QUEUE_BYTES_MAX: usize = 1024 * 1024;

/// How long a stopped server waits at its end until the last lines are written. Supervisors commonly kill a process 10
/// seconds after the stop signal. The server ends within 9.5 seconds, so half a second is left.
const STOPPED_WITHIN: Duration = Duration::from_millis(300);

/// How long every other end waits. What a command says at its end is its only explanation, and nothing waits for the
/// end of a command but the person who reads it. On a busy machine, the thread that writes may get its turn late.
const ENDED_WITHIN: Duration = Duration::from_secs(10);

/// How long a panic waits until its line is written. The process may abort right after the panic, and the line says
/// why.
const PANIC_FLUSHES_WITHIN: Duration = Duration::from_millis(100);

static QUEUE: Queue = Queue::new(QUEUE_BYTES_MAX);
static STARTED: OnceLock<()> = OnceLock::new();
static REPLACE_FILTER: OnceLock<Box<ReplaceFilter>> = OnceLock::new();

/// Replaces the filter. This is a function, because the type of the filter contains those of all layers.
type ReplaceFilter = dyn Fn(&str) -> Result<(), reload::Error> + Send + Sync;

/// Starts logging. `traces` receives the spans of traces, if there is a collector. Further calls, as in tests, have no
/// effect.
pub fn start(settings: &LogSettings, traces: Option<TracedSpans<Registry>>) -> io::Result<()> {
    if STARTED.get().is_some() {
        return Ok(());
    }
    let writer = Writer::new(writer::standard_error(), settings.format);
    thread::Builder::new().name("log".to_owned()).spawn(|| writer.run(&QUEUE))?;
    let has_traces = traces.is_some();
    let (filter, handle) = reload::Layer::new(filter(&settings.filter, has_traces));
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        // Such errors would be printed to standard error by a macro that panics if printing fails.
        .log_internal_errors(false)
        .with_writer(QueuedLines(settings.format));
    let lines = match settings.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // Only if there are spans. With a filter of its own for a single layer, `tracing::enabled!` makes that layer miss
    // the next line of the thread.
    let lines = if has_traces { lines.with_filter(filter_fn(is_of_the_log)).boxed() } else { lines };
    let subscriber = tracing_subscriber::registry().with(traces).with(lines).with(filter);
    let _already_started = subscriber.try_init();
    let replace = move |text: &str| handle.reload(self::filter(text, has_traces));
    let _another_was_faster = REPLACE_FILTER.set(Box::new(replace));
    panic::set_hook(Box::new(log_panic));
    let _another_was_faster = STARTED.set(());
    Ok(())
}

/// The filter in the settings, which was checked together with them. It also decides whether there are spans of traces.
fn filter(text: &str, has_traces: bool) -> EnvFilter {
    let level = if has_traces { "info" } else { "off" };
    EnvFilter::builder().parse_lossy(format!("{text},{TRACES}={level}"))
}

fn is_of_the_log(metadata: &Metadata<'_>) -> bool {
    metadata.target() != TRACES
}

/// Writes only the lines that a filter lets pass from now on. The filter was checked.
pub fn set_filter(filter: &str) -> Result<(), reload::Error> {
    REPLACE_FILTER.get().map_or(Ok(()), |replace| replace(filter))
}

/// Writes a message that is not a log line to standard error. Before logging has started, it is written directly.
pub fn say(text: &str) {
    let line = plain(text.as_bytes(), LogFormat::Text);
    if STARTED.get().is_some() {
        QUEUE.push(line.as_bytes());
    } else {
        // If standard error is closed, there is nowhere to report that.
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }
}

/// How a process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A server was stopped. The end must not wait for whoever reads the log.
    OfServer,
    /// A command is done or has failed, or a server could not start.
    OfCommand,
}

/// Waits a limited time until everything logged so far is written. Must be called when the process ends.
pub fn finish(end: End) {
    if STARTED.get().is_some() {
        QUEUE.wait_until_written(match end {
            End::OfServer => STOPPED_WITHIN,
            End::OfCommand => ENDED_WITHIN,
        });
    }
}

/// Logs where a panic occurred. The message is logged only if it is a literal in the program, because a formatted
/// message may contain a secret.
fn log_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let message = info.payload().downcast_ref::<&'static str>().copied().unwrap_or("…");
    write_panic(&place, message);
    QUEUE.wait_until_written(PANIC_FLUSHES_WITHIN);
}

fn write_panic(place: &str, message: &str) {
    let id = RequestId::current();
    tracing::error!(place, message, request.id = id.as_ref().map(RequestId::as_str), "panicked");
}

/// Queues each log line without control characters, so that what a client sends can neither forge a line nor control
/// the terminal.
#[derive(Clone, Copy)]
struct QueuedLines(LogFormat);

impl<'a> MakeWriter<'a> for QueuedLines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        *self
    }
}

impl Write for QueuedLines {
    /// Receives exactly one event, including its line end.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        QUEUE.push(plain(line, self.0).as_bytes());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(line)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_panic_is_logged_with_its_request_id() {
        let (lines, id) = (Lines::default(), RequestId::make());
        let writer = lines.clone();
        let log = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        let _guard = tracing::subscriber::set_default(log);
        write_panic("a.rs:1:1", "outside");
        id.clone().scope(async { write_panic("b.rs:1:1", "inside") }).await;
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let (outside, inside) = text.trim().split_once('\n').unwrap();
        assert!(!outside.contains("request.id"), "{outside}");
        assert!(inside.contains(&format!("request.id=\"{}\"", id.as_str())), "{inside}");
    }
}
