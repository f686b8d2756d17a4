//! Percent-encoding, and decoding that refuses what is not encoded correctly.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything except letters, digits and `-_.~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// The same, except for slashes.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Encodes a text as a value of a query or as one segment of a path: everything except letters, digits and `-_.~`.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Encodes a path as a value of a query. Slashes stay readable.
pub fn encode_path(text: &str) -> String {
    utf8_percent_encode(text, RESERVED_IN_PATH).to_string()
}

/// Decodes a text once. Returns `None` if an escape is broken or the result is not UTF-8. The library leaves broken
/// escapes as they are, and the next server may read them in another way.
pub fn decode(text: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok().filter(|_| has_whole_escapes(text))
}

/// Whether two hexadecimal digits follow each `%`.
pub fn has_whole_escapes(text: &str) -> bool {
    let is_escape =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    text.split('%').skip(1).all(is_escape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_decoded_exactly_once() {
        for (text, decoded) in [
            ("plain", "plain"),
            ("a%2Fb", "a/b"),
            ("a%2fb", "a/b"),
            ("a%252Fb", "a%2Fb"),
            ("a+b", "a+b"),
            ("100%25", "100%"),
            ("%D0%BA", "к"),
            ("a%00b", "a\0b"),
            ("%2E%2E", ".."),
            ("", ""),
        ] {
            assert_eq!(decode(text).as_deref(), Some(decoded), "{text}");
        }
    }

    #[test]
    fn broken_escapes_and_encodings_are_refused() {
        for text in
            ["%", "%2", "a%", "%%41", "%4%31", "%zz", "%+1", "%2\u{e9}", "%FF", "%C3", "%ED%A0%80", "%C0%AF"]
        {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
