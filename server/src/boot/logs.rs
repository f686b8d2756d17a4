//! Log lines on standard error.

use std::{
    io::{self, Write},
    panic::{self, PanicHookInfo},
};

use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use crate::config::{LogFormat, LogSettings};

/// Starts logging; a second call, as in tests, changes nothing.
pub fn start(settings: &LogSettings) {
    // The filter was checked with the other settings.
    let filter = EnvFilter::builder().parse_lossy(&settings.filter);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(PlainLines);
    let _already_started = match settings.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    panic::set_hook(Box::new(log_panic));
}

/// The place, and the message only when it was written into the program: a formatted one may hold a secret.
fn log_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let message = info.payload().downcast_ref::<&'static str>().copied().unwrap_or("…");
    tracing::error!(place, message, "panicked");
}

/// Writes each log line as one line without control characters: what a client sends can neither forge a line nor reach
/// the terminal.
#[derive(Clone, Copy)]
struct PlainLines;

impl<'a> MakeWriter<'a> for PlainLines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl Write for PlainLines {
    /// Receives exactly one event, with its line end.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().lock().write_all(plain(line).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}

fn plain(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let mut plain = String::with_capacity(text.len());
    for letter in text.trim_end_matches('\n').chars() {
        if letter.is_control() || is_direction(letter) {
            plain.extend(letter.escape_unicode());
        } else {
            plain.push(letter);
        }
    }
    plain.push('\n');
    plain
}

/// Characters that make a terminal show a line in another order than it has, or break it.
fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_line_stays_one_line_without_escapes() {
        let line = plain("a\nforged \u{1b}[31mred\u{9b}31m \u{202e}txt\r\n".as_bytes());
        assert_eq!(line, "a\\u{a}forged \\u{1b}[31mred\\u{9b}31m \\u{202e}txt\\u{d}\n");
        assert_eq!(plain("plain Ä 漢\n".as_bytes()), "plain Ä 漢\n");
    }
}
