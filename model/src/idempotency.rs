//! Idempotency keys: names that clients give to requests, so that a repeated request is carried out only once.

use crate::field::{FieldError, Rule};

/// Longest key, in characters.
const LENGTH_MAX: usize = 255;

/// The idempotency key of one request. `Debug` prints `…`, because clients put all kinds of data into headers.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads a header value: a quoted string of structured fields (RFC 8941), or the text without quotes, as many
    /// clients send it.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let name = match text.strip_prefix('"') {
            Some(rest) => rest.strip_suffix('"').and_then(unescape),
            None => Some(text.to_owned()).filter(|text| !text.contains('"')),
        };
        let is_visible = |text: &String| text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        name.filter(|text| (1..=LENGTH_MAX).contains(&text.len()) && is_visible(text)).map(Self).ok_or_else(
            || {
                let message = format!("Use 1 to {LENGTH_MAX} visible ASCII characters, such as a UUID.");
                FieldError::new(Rule::ValueError, message)
            },
        )
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// Removes escapes. A backslash is allowed only before a quote or another backslash.
fn unescape(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => characters.next().filter(|next| matches!(next, '"' | '\\'))?,
            '"' => return None,
            other => other,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idempotency_key_is_the_same_with_and_without_quotes() {
        for (text, name) in [
            ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
            ("\"8e03978e\"", "8e03978e"),
            (r#""a\"b\\c""#, r#"a"b\c"#),
            ("a b", "a b"),
        ] {
            assert_eq!(IdempotencyKey::parse(text).unwrap().as_str(), name, "{text}");
        }
        assert!(IdempotencyKey::parse(&"a".repeat(255)).is_ok());
    }

    #[test]
    fn invalid_idempotency_keys_are_refused() {
        for text in ["", "\"\"", "\"", "\"a", "a\"", "\"a\"b\"", r#""a\b""#, "é", "a\tb", &"a".repeat(256)] {
            assert!(IdempotencyKey::parse(text).is_err(), "{text}");
        }
    }
}
