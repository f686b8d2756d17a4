//! The thread that writes log lines.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::thread;
use std::time::Duration;

use serde_json::json;
use tracing_subscriber::fmt::format;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};

use super::lost::count_lost;
use super::queue::Queue;
use crate::config::LogFormat;

/// Maximum size of one write of several lines, in bytes. A pipe takes this much in one piece (POSIX's `PIPE_BUF`), so
/// the lines of several processes do not get mixed up.
const WRITE_BYTES: usize = 4096;

/// Capacity of the buffer that is kept between two batches, in bytes.
const KEPT_BYTES: usize = 64 * 1024;

/// How long to wait if standard error is not ready because another process has made it non-blocking.
const NOT_READY: Duration = Duration::from_millis(20);

/// Returns standard error without the lock of the standard library, so that other code that writes there does not wait
/// for the log.
pub(super) fn standard_error() -> Box<dyn Write + Send> {
    let stderr = io::stderr();
    match stderr.as_fd().try_clone_to_owned() {
        Ok(own) => Box::new(File::from(own)),
        Err(_) => Box::new(stderr),
    }
}

/// Writes lines. Lines that it cannot write are counted, and it reports their number as soon as it can.
pub(super) struct Writer<W> {
    output: W,
    format: LogFormat,
    /// The number of lost lines that were not reported yet.
    lost: u64,
    /// Whether the last line was written only in part.
    is_cut: bool,
}

impl<W: Write> Writer<W> {
    pub fn new(output: W, format: LogFormat) -> Self {
        Self { output, format, lost: 0, is_cut: false }
    }

    /// Writes the lines of the queue until the process ends.
    pub fn run(mut self, queue: &Queue) {
        let mut batch = Vec::new();
        loop {
            let dropped = queue.take(&mut batch);
            self.write(&batch, dropped);
            batch.clear();
            batch.shrink_to(KEPT_BYTES);
        }
    }

    /// Writes `lines`. Lines that were lost earlier are reported before them. The `dropped` lines are reported after
    /// them, because the queue was nearly full with `lines` when it dropped the others.
    fn write(&mut self, lines: &[u8], dropped: u64) {
        let is_well = if self.report_lost() {
            self.write_lines(lines)
        } else {
            self.lose(lines);
            false
        };
        self.lost = self.lost.saturating_add(dropped);
        if is_well {
            self.report_lost();
        }
    }

    fn lose(&mut self, lines: &[u8]) {
        let lost = count(lines);
        self.lost = self.lost.saturating_add(lost);
        count_lost(lost);
    }

    /// Reports how many lines were lost, if any were. Returns whether that succeeded.
    fn report_lost(&mut self) -> bool {
        let lost = self.lost;
        if lost == 0 {
            return true;
        }
        let is_reported = self.write_whole(self.lost_lines_message().as_bytes()).is_ok();
        if is_reported {
            self.lost = 0;
        }
        is_reported
    }

    /// Returns the line that reports lost lines, in the same format as log lines.
    fn lost_lines_message(&self) -> String {
        const TARGET: &str = module_path!();
        let lost = self.lost;
        let mut time = String::new();
        let _no_time = SystemTime.format_time(&mut format::Writer::new(&mut time));
        match self.format {
            LogFormat::Text => {
                format!("{time}  WARN {TARGET}: {lost} log lines were dropped log.dropped={lost}\n")
            }
            LogFormat::Json => {
                let message = format!("{lost} log lines were dropped");
                let line = json!({
                    "timestamp": time, "level": "WARN", "message": message, "log.dropped": lost, "target": TARGET,
                });
                format!("{line}\n")
            }
        }
    }

    /// Writes whole lines, as many at once as a pipe takes. Returns whether all were written. The rest counts as lost.
    fn write_lines(&mut self, mut lines: &[u8]) -> bool {
        while !lines.is_empty() {
            let (some, rest) = lines.split_at(whole_lines(lines));
            if self.write_whole(some).is_err() {
                self.lose(lines);
                return false;
            }
            lines = rest;
        }
        true
    }

    /// Writes some lines. If that fails, the caller counts all of them as lost, although a few may have been written.
    fn write_whole(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.is_cut {
            self.write_all(b"\n")?;
            self.is_cut = false;
        }
        self.write_all(lines)
    }

    fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let mut last = None;
        while !bytes.is_empty() {
            match self.output.write(bytes) {
                Ok(0) => return Err(self.cut_after(last, ErrorKind::WriteZero.into())),
                Ok(written) => {
                    let (done, rest) = bytes.split_at(written.min(bytes.len()));
                    (last, bytes) = (done.last().copied(), rest);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::park_timeout(NOT_READY),
                Err(error) => return Err(self.cut_after(last, error)),
            }
        }
        Ok(())
    }

    fn cut_after(&mut self, last: Option<u8>, error: io::Error) -> io::Error {
        self.is_cut |= last.is_some_and(|byte| byte != b'\n');
        error
    }
}

/// The length of the lines for one write: as many as fit, and at least one.
fn whole_lines(lines: &[u8]) -> usize {
    let is_end = |byte: &u8| *byte == b'\n';
    let beginning = lines.get(..WRITE_BYTES).unwrap_or(lines);
    let fitting = beginning.iter().rposition(is_end);
    fitting.or_else(|| lines.iter().position(is_end)).map_or(lines.len(), |end| end + 1)
}

fn count(lines: &[u8]) -> u64 {
    let lines = lines.split_inclusive(|byte| *byte == b'\n').count();
    u64::try_from(lines).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// Each write takes as many bytes as the plan says, or fails. After the plan, every write succeeds.
    #[derive(Default)]
    struct Disk {
        plan: VecDeque<Result<usize, ErrorKind>>,
        held: Vec<u8>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = self.plan.pop_front().unwrap_or(Ok(bytes.len()))?.min(bytes.len());
            self.held.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn writer(plan: impl IntoIterator<Item = Result<usize, ErrorKind>>, format: LogFormat) -> Writer<Disk> {
        Writer::new(Disk { plan: plan.into_iter().collect(), held: Vec::new() }, format)
    }

    fn held(writer: &Writer<Disk>) -> Vec<&str> {
        std::str::from_utf8(&writer.output.held).unwrap().lines().collect()
    }

    const FULL: Result<usize, ErrorKind> = Err(ErrorKind::StorageFull);

    #[test]
    fn lines_lost_to_a_full_disk_are_reported_once_there_is_room() {
        let mut writer = writer([FULL, FULL], LogFormat::Text);
        writer.write(b"a\nb\n", 0);
        writer.write(b"c\n", 5);
        writer.write(b"d\n", 0);
        writer.write(b"e\n", 0);
        let lines = held(&writer);
        assert!(lines[0].ends_with("8 log lines were dropped log.dropped=8"), "{lines:?}");
        assert!(lines[0].contains("  WARN server::boot::logs::writer: "), "{lines:?}");
        assert_eq!(lines[1..], ["d", "e"]);
    }

    #[test]
    fn dropped_lines_are_reported_after_the_written_ones() {
        let mut writer = writer([], LogFormat::Json);
        writer.write(b"a\n", 1);
        let lines = held(&writer);
        assert_eq!(lines[0], "a");
        let lost_lines_message: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
        assert_eq!(lost_lines_message["message"], "1 log lines were dropped");
        assert_eq!(
            (&lost_lines_message["level"], &lost_lines_message["log.dropped"]),
            (&json!("WARN"), &json!(1))
        );
        assert!(lost_lines_message["timestamp"].as_str().unwrap().ends_with('Z'));
    }

    #[test]
    fn a_cut_line_does_not_run_into_the_next() {
        let mut writer = writer([Ok(3), FULL, FULL], LogFormat::Text);
        writer.write(b"first\n", 0);
        writer.write(b"second\n", 0);
        writer.write(b"third\n", 0);
        let lines = held(&writer);
        assert_eq!((lines[0], lines[2]), ("fir", "third"));
        assert!(lines[1].contains("2 log lines were dropped"), "{lines:?}");
    }

    #[test]
    fn a_writer_that_is_not_ready_is_waited_for() {
        let plan =
            [Err(ErrorKind::WouldBlock), Err(ErrorKind::Interrupted), Ok(1), Err(ErrorKind::WouldBlock)];
        let mut writer = writer(plan, LogFormat::Text);
        writer.write(b"ab\n", 0);
        assert_eq!(held(&writer), ["ab"]);
    }

    #[test]
    fn lines_are_written_whole() {
        let line = |length: usize| "x".repeat(length - 1) + "\n";
        assert_eq!(whole_lines(b"a\nb\n"), 4);
        assert_eq!(whole_lines([line(4000), line(96), line(1)].concat().as_bytes()), 4096);
        assert_eq!(whole_lines([line(4000), line(97)].concat().as_bytes()), 4000);
        assert_eq!(whole_lines([line(9000), line(9)].concat().as_bytes()), 9000);
    }
}
