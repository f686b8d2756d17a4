//! Reads the parameters in paths.
//!
//! The path is split at `/` first. Then each segment is percent-decoded exactly once. So `a%2Fb` is one segment that
//! contains a slash, `a%252Fb` is one that contains `a%2Fb`, and `+` is a plus sign.

/// The values of the pattern's parameters in a path that matches the pattern. Returns `None` if a value has a broken
/// escape or is not UTF-8, because no user or key can have such a name.
pub(in crate::api) fn parameters(pattern: &str, path: &str) -> Option<Vec<String>> {
    let is_parameter = |segment: &str| segment.starts_with('{');
    let pairs = pattern.split('/').zip(path.split('/'));
    pairs.filter(|(wanted, _)| is_parameter(wanted)).map(|(_, given)| decode(given)).collect()
}

/// Percent-decodes a text once. Returns `None` if an escape is broken or the result is not UTF-8.
pub(in crate::api) fn decode(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            decoded.push(hex(digits)?);
            rest = after;
        } else {
            decoded.push(byte);
            rest = after;
        }
    }
    String::from_utf8(decoded).ok()
}

fn hex(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0_u8, |value, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        u8::try_from(u32::from(value) * 16 + digit).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_decoded_exactly_once() {
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
    fn invalid_escapes_and_encodings_are_not_found() {
        for text in ["%", "%2", "a%", "%zz", "%+1", "%2\u{e9}", "%FF", "%C3", "%ED%A0%80", "%C0%AF"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn path_parameters_are_read_by_position() {
        let pattern = "/v1/users/{user_email}/api-keys/{key_name}/rotate";
        let found = parameters(pattern, "/v1/users/a%40b.c/api-keys/x%2Frotate/rotate");
        assert_eq!(found, Some(vec!["a@b.c".to_owned(), "x/rotate".to_owned()]));
        assert_eq!(parameters(pattern, "/v1/users/a@b.c/api-keys/%FF/rotate"), None);
    }
}
