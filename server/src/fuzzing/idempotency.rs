//! Fuzzes the header `Idempotency-Key`.

use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};

use super::input::{lines, values};
use crate::api::fuzzed::idempotency_key;

/// The input is the values of the header, one on each line.
pub fn idempotency(data: &[u8]) {
    let headers = values("idempotency-key", lines(data));
    let values: Vec<_> = headers.values().map(HeaderValue::as_bytes).collect();
    let found = idempotency_key(&headers);
    let expected = match values.as_slice() {
        [] => Ok(None),
        [value] => name(value).map(Some).ok_or(()),
        _ => Err(()),
    };
    let found = found.map(|key| key.map(|key| key.as_str().to_owned()));
    assert_eq!(found, expected, "{headers:?}");
    let Ok(Some(name)) = found else { return };
    assert!((1..=255).contains(&name.len()), "{name}");

    // The same name in quotes is read as the same name.
    let quoted = format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    let header =
        HeaderValue::from_str(&quoted).map(|value| (HeaderName::from_static("idempotency-key"), value));
    let again = idempotency_key(&HeaderMap::from_iter(header));
    assert!(again.is_ok_and(|key| key.is_some_and(|key| key.as_str() == name)), "{quoted}");
}

/// Reads a name character by character, with or without quotes. Within quotes, a backslash precedes each quote and each
/// backslash.
fn name(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    let is_quoted = text.starts_with('"');
    let (mut name, mut is_escaped, mut has_ended) = (String::new(), false, false);
    for character in text.chars().skip(usize::from(is_quoted)) {
        let is_visible = matches!(character, ' '..='~');
        match character {
            _ if has_ended || !is_visible => return None,
            '"' | '\\' if is_escaped => name.push(character),
            _ if is_escaped => return None,
            '\\' if is_quoted => {}
            '"' if is_quoted => has_ended = true,
            '"' => return None,
            other => name.push(other),
        }
        is_escaped = is_quoted && character == '\\' && !is_escaped;
    }
    (has_ended == is_quoted && (1..=255).contains(&name.len())).then_some(name)
}
