//! Finds the key that a client presents to a gateway, in the one header where the gateway looks for it.

use http::HeaderMap;
use model::gateway::{KeyHeader, reads_as};

use super::original_request::single;
use crate::api::http::auth::bearer;

/// The presented key: the bearer token in `Authorization`, or the whole value of any other header. The URL and cookies
/// are never searched.
pub(crate) fn shown<'a>(headers: &'a HeaderMap, place: &KeyHeader) -> Option<&'a str> {
    if place.is_authorization() {
        return bearer(headers);
    }
    // An upstream that treats `_` as `-` would find two keys.
    let is_other = |name: &str| reads_as(name, place.as_str()) && !name.eq_ignore_ascii_case(place.as_str());
    if headers.keys().any(|name| is_other(name.as_str())) {
        return None;
    }
    let value = single(headers, place.as_str())?;
    let is_one_word = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic());
    is_one_word.then_some(value)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn found(place: &str, given: &[(&'static str, &'static str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.append(*name, HeaderValue::from_static(value));
        }
        shown(&headers, &KeyHeader::parse(place).unwrap()).map(str::to_owned)
    }

    #[test]
    fn a_key_is_found_only_in_its_header() {
        assert_eq!(found("Authorization", &[("authorization", "Bearer k")]).as_deref(), Some("k"));
        assert_eq!(found("X-Api-Key", &[("x-api-key", "k")]).as_deref(), Some("k"));
        assert_eq!(found("Acme-Key", &[("acme-key", "k")]).as_deref(), Some("k"));
        for (place, given) in [
            ("Authorization", &[("x-api-key", "k")][..]),
            ("Authorization", &[("authorization", "k")]),
            ("Authorization", &[("authorization", "Bearer k"), ("authorization", "Bearer l")]),
            ("X-Api-Key", &[("authorization", "Bearer k")]),
            ("X-Api-Key", &[("x-api-key", "k"), ("x-api-key", "k")]),
            ("X-Api-Key", &[("x-api-key", "k"), ("x-api_key", "l")]),
            ("X-Api-Key", &[("x_api_key", "k")]),
            ("X-Api-Key", &[("x-api-key", "")]),
            ("X-Api-Key", &[("x-api-key", "k l")]),
            ("X-Api-Key", &[("cookie", "x-api-key=k")]),
            ("X-Api-Key", &[]),
        ] {
            assert_eq!(found(place, given), None, "{place} {given:?}");
        }
    }
}
