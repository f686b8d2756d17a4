//! Fuzzes the header `If-Match`, and compares the result with a slow reference implementation.

use http::{HeaderMap, HeaderName, HeaderValue};
use model::key::{KeyVersion, Precondition};

use super::input::{lines, values};
use crate::api::fuzzed::precondition;

/// The input is the values of the header, one on each line.
pub fn if_match(data: &[u8]) {
    let headers = values("if-match", lines(data));
    let values: Vec<_> = headers.values().map(HeaderValue::as_bytes).collect();
    let found = precondition(&headers);
    assert_eq!(found, read(&values), "{headers:?}");
    let Some(Precondition::OneOf(states)) = found else { return };

    let written: Vec<_> = states.iter().map(|state| format!("\"{}\"", state.to_text())).collect();
    let list = values.join(&b',');
    // A proxy may have added the coding before the last quote.
    let stands = |tag: &String| {
        let beginning = tag.trim_end_matches('"').as_bytes();
        list.windows(beginning.len()).any(|part| part == beginning)
    };
    assert!(written.iter().all(stands), "{headers:?}");
    if let Ok(value) = HeaderValue::from_str(&written.join(", "))
        && !states.is_empty()
    {
        let again = HeaderMap::from_iter([(HeaderName::from_static("if-match"), value)]);
        assert_eq!(precondition(&again), Some(Precondition::OneOf(states)), "{headers:?}");
    }
}

/// The position between two tags.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// After a comma or at the beginning. A tag may follow.
    Open,
    /// After a tag. A comma must follow.
    Closed,
}

/// Reads all values as one list, byte by byte. A `*` is valid only alone and sets no condition.
fn read(values: &[&[u8]]) -> Option<Precondition> {
    if values.is_empty() {
        return Some(Precondition::Anything);
    }
    let list = String::from_utf8(values.join(&b','))
        .ok()
        .filter(|list| list.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b)))?;
    if list.trim_matches([' ', '\t']) == "*" {
        return Some(Precondition::Anything);
    }
    let (mut place, mut states, mut tags) = (Place::Open, Vec::new(), 0);
    let mut rest = list.as_str();
    while let Some(first) = rest.chars().next() {
        rest = match first {
            ' ' | '\t' => &rest[1..],
            ',' => {
                place = Place::Open;
                &rest[1..]
            }
            '"' | 'W' if place == Place::Open => {
                let quoted = if first == 'W' { rest.strip_prefix("W/\"")? } else { &rest[1..] };
                let (tag, after) = quoted.split_once('"')?;
                if tag.contains([' ', '\t']) {
                    return None;
                }
                states.extend(KeyVersion::from_text(before_coding(tag)));
                (place, tags) = (Place::Closed, tags + 1);
                after
            }
            _ => return None,
        };
    }
    (tags > 0).then_some(Precondition::OneOf(states))
}

/// The tag without what a proxy that compresses responses adds.
fn before_coding(tag: &str) -> &str {
    if let Some((before, "gzip" | "br" | "zstd" | "deflate")) = tag.rsplit_once('-') {
        return before;
    }
    match tag.rsplit_once(';') {
        Some((before, "gzip")) => before,
        _ => tag,
    }
}
