//! Reads the header `If-Match`, with which a client limits a change to the versions that it has seen.

use http::HeaderMap;
use http::header::IF_MATCH;
use model::key::{KeyVersion, Precondition};

use super::failure::Failure;

const UNREADABLE: Failure = Failure::Header("Send * or a list of quoted ETags in the header If-Match.");

/// Reads `If-Match`. Several headers count as one list. A `*` in a list of tags is an error.
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
    // Weak tags never match, nor do tags that this server never issued.
    let states = tags.into_iter().filter_map(|tag| match tag {
        Tag::Strong(text) => KeyVersion::from_text(text),
        Tag::Weak => None,
    });
    Ok(Precondition::OneOf(states.collect()))
}

enum Tag<'a> {
    Strong(&'a str),
    Weak,
}

/// Splits a list of tags. Elements between commas may be empty. Returns `None` if the text is not a list of tags.
fn tags(list: &str) -> Option<Vec<Tag<'_>>> {
    let mut tags = Vec::new();
    let mut rest = list.trim_matches(is_gap);
    while !rest.is_empty() {
        let (is_weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |quoted| (true, quoted));
        let (text, after) = quoted.strip_prefix('"')?.split_once('"')?;
        let is_tag = text.bytes().all(|byte| byte.is_ascii_graphic());
        let is_separated = after.is_empty() || after.trim_start_matches([' ', '\t']).starts_with(',');
        if !is_tag || !is_separated {
            return None;
        }
        tags.push(if is_weak { Tag::Weak } else { Tag::Strong(text) });
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
            (&["W/\"key_a1.3\""], states(&[])),
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
