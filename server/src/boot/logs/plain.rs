//! Escapes everything in log lines that could forge a line or control the terminal.

use std::fmt::Write;

use crate::config::LogFormat;

/// Escapes the control characters in a log line, and the characters that reorder or break it. A line of JSON stays
/// valid JSON.
pub(super) fn plain(line: &[u8], format: LogFormat) -> String {
    let text = String::from_utf8_lossy(line);
    let mut plain = String::with_capacity(text.len());
    for letter in text.trim_end_matches('\n').chars() {
        if !letter.is_control() && !is_direction(letter) {
            plain.push(letter);
            continue;
        }
        let number = u32::from(letter);
        // Writing into a String cannot fail.
        let _ = match format {
            LogFormat::Text => write!(plain, "\\u{{{number:x}}}"),
            LogFormat::Json => write!(plain, "\\u{number:04x}"),
        };
    }
    plain.push('\n');
    plain
}

/// Characters that make a terminal reorder or break a line.
fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str) -> String {
        plain(line.as_bytes(), LogFormat::Text)
    }

    #[test]
    fn a_log_line_stays_one_line_without_escape_sequences() {
        let line = text("a\nforged \u{1b}[31mred\u{9b}31m \u{202e}txt\r\n");
        assert_eq!(line, "a\\u{a}forged \\u{1b}[31mred\\u{9b}31m \\u{202e}txt\\u{d}\n");
        assert_eq!(text("plain Ä 漢\n"), "plain Ä 漢\n");
    }

    #[test]
    fn a_json_log_line_stays_valid_json() {
        let said = serde_json::json!({"message": "a\nb \u{1b}[31m \u{7f} \u{9b}31m \u{202e}txt \u{2028}"});
        let line = plain(format!("{said}\n").as_bytes(), LogFormat::Json);
        assert!(
            line.trim_end().chars().all(|letter| !letter.is_control() && !is_direction(letter)),
            "{line}"
        );
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap(), said);
    }
}
