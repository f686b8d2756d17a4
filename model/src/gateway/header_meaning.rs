//! Request headers that change the meaning of a request or forge the identity of the caller.
//!
//! Upstreams read header names differently: CGI, WSGI and PHP treat `_` as `-`, and some treat every other punctuation
//! character as `-`. Names are therefore compared with all punctuation treated alike.

use super::headers::HandedHeader;

/// What some upstream takes a header for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderMeaning {
    /// A method that replaces the method of the request.
    Method,
    /// A path that replaces the path of the request, or a prefix that the upstream cuts off.
    Path,
    /// A forged identity header: its name differs from the real name, but some upstream treats the two as the same.
    Identity,
}

/// Headers that replace the method: those of `OData`, of Google's and IBM's APIs, and those that proxies use.
const METHODS: &[&str] = &[
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "x-original-method",
    "x-forwarded-method",
];

/// Headers that replace the path: those of rewriting modules (IIS, Symfony, Zend, Yii), of proxies and platforms, and
/// those that name a path prefix for the upstream to cut off (WSGI, gunicorn).
const PATHS: &[&str] = &[
    "x-original-url",
    "x-original-uri",
    "x-original-path",
    "x-rewrite-url",
    "x-rewrite-uri",
    "x-rewrite-path",
    "x-override-url",
    "x-real-url",
    "x-proxy-url",
    "x-request-uri",
    "x-http-destinationurl",
    "x-forwarded-url",
    "x-forwarded-uri",
    "x-forwarded-path",
    "x-forwarded-prefix",
    "x-forwarded-path-info",
    "x-forwarded-script-name",
    "x-envoy-original-path",
    "x-matched-path",
    "x-invoke-path",
    "x-path-info",
    "x-script-name",
    "path-info",
    "script-name",
    "request-uri",
    "base-url",
];

impl HeaderMeaning {
    /// Returns what some upstream takes a header for. `name` is in lower case. `None` for most headers.
    pub fn of(name: &str) -> Option<Self> {
        // Most headers return here.
        if !matches!(name.as_bytes().first(), Some(b'x' | b'p' | b's' | b'r' | b'b')) {
            return None;
        }
        let is_among = |names: &[&str]| names.iter().any(|known| reads_as(name, known));
        if is_among(METHODS) {
            Some(Self::Method)
        } else if is_among(PATHS) {
            Some(Self::Path)
        } else {
            let identity = HandedHeader::ALL.iter().find(|header| reads_as(name, header.as_str()));
            let is_other = |header: &&HandedHeader| !name.eq_ignore_ascii_case(header.as_str());
            identity.filter(is_other).map(|_| Self::Identity)
        }
    }
}

/// Whether the value of a `Connection` header lists an identity header. A proxy may then remove that header before the
/// request reaches the upstream.
pub fn names_identity(connection: &str) -> bool {
    let mut names = connection.split(',').map(str::trim);
    names.any(|name| HandedHeader::ALL.iter().any(|header| reads_as(name, header.as_str())))
}

/// Whether an upstream that treats all punctuation as hyphens reads `name` as `known`. `known` consists of letters,
/// digits and hyphens.
pub fn reads_as(name: &str, known: &str) -> bool {
    // Compares from the end, because most known names begin alike.
    name.len() == known.len()
        && name.bytes().zip(known.bytes()).rev().all(|(one, other)| {
            one.eq_ignore_ascii_case(&other) || (other == b'-' && !one.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name as it is, with `_`, and with mixed punctuation.
    fn spellings(name: &str) -> [String; 3] {
        [name.to_owned(), name.replace('-', "_"), name.replacen('-', ".", 1).replacen('-', "~", 1)]
    }

    #[test]
    fn a_header_has_the_same_meaning_in_every_spelling() {
        for (names, meaning) in [(METHODS, HeaderMeaning::Method), (PATHS, HeaderMeaning::Path)] {
            for spelling in names.iter().flat_map(|name| spellings(name)) {
                assert_eq!(HeaderMeaning::of(&spelling), Some(meaning), "{spelling}");
            }
        }
        for spelling in ["x-http_method-override", "x_http-method", "x-original_url", "script_name"] {
            assert!(HeaderMeaning::of(spelling).is_some(), "{spelling}");
        }
    }

    #[test]
    fn the_guide_names_all_headers_with_a_meaning() {
        let guide = include_str!("../../../docs/reference/gateways.md").to_ascii_lowercase();
        for name in METHODS.iter().chain(PATHS) {
            assert!(guide.contains(&format!("`{name}`")), "{name}");
        }
    }

    #[test]
    fn a_header_that_only_looks_like_an_identity_header_is_allowed() {
        for header in HandedHeader::ALL {
            let name = header.as_str().to_ascii_lowercase();
            let [exact, others @ ..] = spellings(&name);
            assert_eq!(HeaderMeaning::of(&exact), None, "{exact}");
            for other in others {
                assert_eq!(HeaderMeaning::of(&other), Some(HeaderMeaning::Identity), "{other}");
            }
        }
    }

    #[test]
    fn other_headers_have_no_meaning() {
        for name in [
            "",
            "accept",
            "authorization",
            "x-api-key",
            "x-request-id",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-key-idx",
            "x-key-i",
            "x--key-id",
            "xkey-id",
            "x-payment-method",
            "x-original-host",
            "prefer",
            "referer",
            "sec-fetch-site",
        ] {
            assert_eq!(HeaderMeaning::of(name), None, "{name}");
        }
    }

    #[test]
    fn an_identity_header_is_found_in_the_connection_header() {
        for text in ["x-key-scopes", "close, X-Key-Id", "keep-alive,X_Organization_Id ,x", "X-KEY-EXPIRES-AT"]
        {
            assert!(names_identity(text), "{text}");
        }
        for text in ["", "close", "keep-alive, Upgrade", "X-Key", "x-key-scopes-x"] {
            assert!(!names_identity(text), "{text}");
        }
    }
}
