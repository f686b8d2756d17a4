//! Converts bytes into the inputs of the targets.

use http::{HeaderMap, HeaderName, HeaderValue};
use model::key::{KeyPrefix, PlainKey};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Stands for a whole key in an input, because fuzzing could not guess the checksum of one.
const PLACEHOLDER: &str = "$KEY";

pub(super) fn sample_key() -> PlainKey {
    PlainKey::from_random(&KeyPrefix::default(), "0123456789abcdefghijABCDEFGHIJxy")
}

/// Replaces each placeholder by a key.
pub(super) fn with_keys(text: &str) -> String {
    text.replace(PLACEHOLDER, sample_key().reveal())
}

pub(super) fn lines(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|byte| *byte == b'\n')
}

/// The next line, if it is UTF-8.
pub(super) fn text<'a>(lines: &mut impl Iterator<Item = &'a [u8]>) -> Option<&'a str> {
    std::str::from_utf8(lines.next()?).ok()
}

/// Several headers of one name. Values that a header cannot have are left out.
pub(super) fn values<'a>(name: &'static str, lines: impl Iterator<Item = &'a [u8]>) -> HeaderMap {
    let name = HeaderName::from_static(name);
    let values = lines.filter_map(|line| HeaderValue::from_bytes(line).ok());
    values.map(|value| (name.clone(), value)).collect()
}

/// A header, from its name and its value separated by a colon. Returns `None` if a header cannot have them.
pub(super) fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':')?);
    let name = HeaderName::from_bytes(name).ok()?;
    Some((name, HeaderValue::from_bytes(value.get(1..)?.trim_ascii()).ok()?))
}

/// Percent-encodes every byte except ASCII letters and digits.
pub(super) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
