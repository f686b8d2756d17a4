//! Reads the header `If-Match`, with which a client limits a change to the versions that it has seen.

use http::HeaderMap;
use http::header::IF_MATCH;
use model::key::{KeyVersion, Precondition};

use super::failure::Failure;

const UNREADABLE: Failure = Failure::Header("Send * or a list of quoted ETags in the header If-Match.");

/// What proxies that compress responses add to the end of an `ETag`, after a hyphen.
const CODINGS: [&str; 5] = ["-gzip", "-br", "-zstd", "-deflate", ";gzip"];

/// Reads `If-Match`. Several headers count as one list. A `*` in a list of tags is an error.
///
/// A proxy that compresses a response makes its `ETag` weak or adds the name of the coding. Such a tag still says which
/// version the client has read, so it counts as the tag that was sent to the proxy.
pub(in crate::api) fn precondition(headers: &HeaderMap) -> Result<Precondition, Failure> {
    let mut values = headers.get_all(IF_MATCH).iter().peekable();
    if values.peek().is_none() {
        return Ok(Precondition::Anything);
    }
    let values = values.map(|value| value.to_str().map_err(|_| UNREADABLE));
    let list = values.collect::<Result<Vec<_>, _>>()?.join(",");
    if list.trim() == "*" {
        return Ok(Precondition::Anything);
    }
    let tags = tags(&list).filter(|tags| !tags.is_empty()).ok_or(UNREADABLE)?;
    // Tags that this server never issued match nothing.
    let versions = tags.into_iter().filter_map(|tag| KeyVersion::from_text(without_coding(tag)));
    Ok(Precondition::OneOf(versions.collect()))
}

fn without_coding(tag: &str) -> &str {
    CODINGS.iter().find_map(|coding| tag.strip_suffix(coding)).unwrap_or(tag)
}

/// Splits a list of tags, weak or not. Elements between commas may be empty. Returns `None` if the text is not a list
/// of tags.
fn tags(list: &str) -> Option<Vec<&str>> {
    let mut tags = Vec::new();
    let mut rest = list.trim_matches(is_gap);
    while !rest.is_empty() {
        let quoted = rest.strip_prefix("W/").unwrap_or(rest);
        let (text, after) = quoted.strip_prefix('"')?.split_once('"')?;
        let is_tag = text.bytes().all(|byte| byte.is_ascii_graphic());
        let is_separated = after.is_empty() || after.trim_start_matches([' ', '\t']).starts_with(',');
        if !is_tag || !is_separated {
            return None;
        }
        tags.push(text);
        rest = after.trim_start_matches(is_gap);
    }
    Some(tags)
}

fn is_gap(character: char) -> bool {
    matches!(character, ' ' | '\t' | ',')
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(values: &[&'static str]) -> Option<Precondition> {
        let headers = values.iter().map(|value| (IF_MATCH, HeaderValue::from_static(value)));
        precondition(&headers.collect()).ok()
    }

    fn states(versions: &[i64]) -> Precondition {
        let state = |version: &i64| KeyVersion::from_text(&format!("key_a1.{version}")).unwrap();
        Precondition::OneOf(versions.iter().map(state).collect())
    }

    #[test]
    fn a_list_of_etags_is_parsed() {
        for (values, expected) in [
            (&[] as &[_], Precondition::Anything),
            (&["*"], Precondition::Anything),
            (&["\"key_a1.3\""], states(&[3])),
            (&["\"key_a1.3\" , \"key_a1.4\",,"], states(&[3, 4])),
            (&["\"key_a1.3\"", "\"key_a1.4\""], states(&[3, 4])),
            (&["W/\"key_a1.3\""], states(&[3])),
            (&["\"key_a1.3-gzip\", W/\"key_a1.4-br\""], states(&[3, 4])),
            (&["\"key_a1.3-gzip-gzip\", \"key_a1.3-\", \"key_a1.3-7\", \"-gzip\""], states(&[])),
            (&["\"another,one\", \"key_a1.3\", \"\""], states(&[3])),
        ] {
            assert_eq!(read(values), Some(expected), "{values:?}");
        }
    }

    #[test]
    fn an_invalid_list_of_etags_is_refused() {
        for values in [
            &[""] as &[_],
            &[","],
            &["key_a1.3"],
            &["\"key_a1.3"],
            &["*, \"key_a1.3\""],
            &["*", "*"],
            &["\"a\"\"b\""],
            &["\"a b\""],
            &["w/\"a\""],
        ] {
            assert_eq!(read(values), None, "{values:?}");
        }
    }
}
