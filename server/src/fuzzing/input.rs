//! From bytes to what targets take.

use http::{HeaderMap, HeaderName, HeaderValue};
use model::key::{KeyPrefix, PlainKey};

/// What stands for a whole key in an input. Its checksum could not be guessed.
const PLACEHOLDER: &str = "$KEY";

/// A key.
pub(super) fn sample_key() -> PlainKey {
    PlainKey::from_random(&KeyPrefix::default(), "0123456789abcdefghijABCDEFGHIJxy")
}

/// A text with a key wherever its placeholder stands.
pub(super) fn with_keys(text: &str) -> String {
    text.replace(PLACEHOLDER, sample_key().reveal())
}

/// The lines of an input.
pub(super) fn lines(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|byte| *byte == b'\n')
}

/// The next line, if it is text.
pub(super) fn text<'a>(lines: &mut impl Iterator<Item = &'a [u8]>) -> Option<&'a str> {
    std::str::from_utf8(lines.next()?).ok()
}

/// Several headers of one name. Values that no header can have are left out.
pub(super) fn values<'a>(name: &'static str, lines: impl Iterator<Item = &'a [u8]>) -> HeaderMap {
    let name = HeaderName::from_static(name);
    let values = lines.filter_map(|line| HeaderValue::from_bytes(line).ok());
    values.map(|value| (name.clone(), value)).collect()
}

/// The name and value of a header, parted by a colon; nothing where no header can be so.
pub(super) fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':')?);
    let name = HeaderName::from_bytes(name).ok()?;
    Some((name, HeaderValue::from_bytes(value.get(1..)?.trim_ascii()).ok()?))
}

/// The bytes of a text one by one, escaped wherever an address could take them for more than a letter or a digit.
pub(super) fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}
