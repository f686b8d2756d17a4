//! Fuzzes the credential of a request: in `Authorization`, and in the header where a gateway looks for it.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use model::gateway::{HandedHeader, HeaderMeaning, KeyHeader, names_identity, reads_as};

use super::input::{header, lines, text};
use crate::api::http::auth::bearer;
use crate::gateway::shown;

/// The first line of the input is the name of the header where a gateway looks. The other lines are headers.
pub fn credential(data: &[u8]) {
    let mut lines = lines(data);
    let place = text(&mut lines).unwrap_or_default();
    let headers: Vec<_> = lines.filter_map(header).collect();
    let map: HeaderMap = headers.iter().cloned().collect();

    let values: Vec<_> =
        headers.iter().filter(|(name, _)| *name == AUTHORIZATION).map(|(_, value)| value).collect();
    let expected = if let [value] = values.as_slice() { token(value.as_bytes()) } else { None };
    assert_eq!(bearer(&map).map(str::as_bytes), expected);

    if let Ok(place) = KeyHeader::parse(place) {
        let found = shown(&map, &place).map(str::as_bytes);
        let expected = if place.is_authorization() { expected } else { in_place(&headers, place.as_str()) };
        assert_eq!(found, expected, "{}", place.as_str());
    }
    if let Ok(place) = KeyHeader::choose(place) {
        has_no_meaning(place.as_str());
    }
    for (name, value) in &headers {
        meaning(name.as_str());
        connection(&String::from_utf8_lossy(value.as_bytes()));
    }
}

/// The token of a bearer credential: the scheme in any letter case, at least one space, and visible ASCII to the end.
fn token(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked("bearer".len())?;
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    let token = rest.get(spaces..)?;
    let is_bearer = scheme.eq_ignore_ascii_case(b"bearer") && spaces > 0;
    (is_bearer && is_word(token)).then_some(token)
}

fn is_word(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|byte| (0x21..=0x7E).contains(byte))
}

/// The value of the only header that any upstream could read as `place`, if it has exactly that name.
fn in_place<'a>(headers: &'a [(HeaderName, HeaderValue)], place: &str) -> Option<&'a [u8]> {
    let alike: Vec<_> = headers.iter().filter(|(name, _)| folded(name.as_str()) == folded(place)).collect();
    let [(name, value)] = alike.as_slice() else { return None };
    let has_name = name.as_str() == place.to_ascii_lowercase();
    (has_name && is_word(value.as_bytes())).then_some(value.as_bytes())
}

/// The name as read by an upstream that treats everything but letters and digits as a hyphen.
fn folded(name: &str) -> String {
    let fold = |byte: u8| if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b'-' };
    name.bytes().map(fold).map(char::from).collect()
}

fn is_identity(name: &str) -> bool {
    HandedHeader::ALL.iter().any(|header| folded(header.as_str()) == folded(name))
}

/// A header for keys must not be one that changes a request. Otherwise gateways would refuse every request that
/// presents a key.
fn has_no_meaning(place: &str) {
    assert_eq!(HeaderMeaning::of(&place.to_ascii_lowercase()), None, "{place}");
    assert!(!is_identity(place) && reads_as(place, place), "{place}");
}

/// A name means the same, whatever punctuation it is written with.
fn meaning(name: &str) {
    let meaning = HeaderMeaning::of(name);
    if is_identity(name) {
        let is_exact = HandedHeader::ALL.iter().any(|header| header.as_str().eq_ignore_ascii_case(name));
        assert_eq!(meaning, (!is_exact).then_some(HeaderMeaning::Identity), "{name}");
    } else {
        assert_eq!(meaning, HeaderMeaning::of(&folded(name)), "{name}");
    }
}

fn connection(value: &str) {
    assert_eq!(names_identity(value), value.split(',').any(|word| is_identity(word.trim())), "{value}");
}
