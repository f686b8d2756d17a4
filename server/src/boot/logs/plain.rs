//! Log lines without anything that forges a line or reaches the terminal.

/// A log line as one line without control characters, whatever a client sent.
pub(super) fn plain(line: &[u8]) -> String {
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
