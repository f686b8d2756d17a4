//! Percent-decoding that refuses what is not encoded correctly.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Decodes a text once. Returns `None` if an escape is broken or the result is not UTF-8. The library leaves broken
/// escapes as they are, and the next server may read them in another way.
pub fn decode(text: &str) -> Option<Cow<'_, str>> {
    let is_escape =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let is_whole = text.split('%').skip(1).all(is_escape);
    percent_decode_str(text).decode_utf8().ok().filter(|_| is_whole)
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
