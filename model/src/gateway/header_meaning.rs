//! Headers of a request that change what it asks for, or tell a lie about who asks.
//!
//! Upstreams differ in how they read names: CGI, WSGI and PHP take `_` for `-`, some take every other sign for it. So names
//! are compared with all signs alike.

use super::headers::HandedHeader;

/// What some upstream makes of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderMeaning {
    /// Another method than that of the request.
    Method,
    /// Another path than that of the request, or a part of it that does not count.
    Path,
    /// An identity that nobody vouches for: its name is not that of an identity header, but some upstream takes it for one.
    Identity,
}

/// Headers that name the method: those of `OData`, of Google's and IBM's interfaces, and those in which proxies ask.
const METHODS: &[&str] = &[
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "x-original-method",
    "x-forwarded-method",
];

/// Headers that name the path: of rewriting modules (IIS, Symfony, Zend, Yii), of proxies and platforms, and those that name
/// a beginning of the path for the upstream to cut off (WSGI, gunicorn).
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
    /// What the name of a header, in small letters, means to some upstream; nothing for most.
    pub fn of(name: &str) -> Option<Self> {
        // Most headers of most requests end here.
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

/// Whether the value of a `Connection` header names an identity header: then a proxy may keep it from the upstream.
pub fn names_identity(connection: &str) -> bool {
    let mut names = connection.split(',').map(str::trim);
    names.any(|name| HandedHeader::ALL.iter().any(|header| reads_as(name, header.as_str())))
}

/// Whether a name is read as a known one, of letters, digits and hyphens, by whoever takes all signs for hyphens.
pub fn reads_as(name: &str, known: &str) -> bool {
    // From the end: most of them begin alike.
    name.len() == known.len()
        && name.bytes().zip(known.bytes()).rev().all(|(one, other)| {
            one.eq_ignore_ascii_case(&other) || (other == b'-' && !one.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name as it is, with `_`, and with a mixture of signs.
    fn spellings(name: &str) -> [String; 3] {
        [name.to_owned(), name.replace('-', "_"), name.replacen('-', ".", 1).replacen('-', "~", 1)]
    }

    #[test]
    fn no_spelling_hides_what_a_header_means() {
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
    fn the_guide_names_all_of_them() {
        let guide = include_str!("../../../docs/gateways.md").to_ascii_lowercase();
        for name in METHODS.iter().chain(PATHS) {
            assert!(guide.contains(&format!("`{name}`")), "{name}");
        }
    }

    #[test]
    fn what_only_reads_like_an_identity_header_is_none() {
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
    fn other_headers_mean_nothing() {
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
    fn an_identity_header_is_found_among_the_words_of_a_connection() {
        for text in ["x-key-scopes", "close, X-Key-Id", "keep-alive,X_Organization_Id ,x", "X-KEY-EXPIRES-AT"]
        {
            assert!(names_identity(text), "{text}");
        }
        for text in ["", "close", "keep-alive, Upgrade", "X-Key", "x-key-scopes-x"] {
            assert!(!names_identity(text), "{text}");
        }
    }
}
