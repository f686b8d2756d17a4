//! Reads what a proxy reports about the request that it asks about.

use http::header::{AsHeaderName, CONNECTION};
use http::{HeaderMap, HeaderName, Request};
use model::gateway::{HeaderMeaning, names_identity};

/// The request that a proxy asks about. A value is `None` unless the proxy reports it exactly once and clearly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OriginalRequest<'a> {
    pub(crate) method: Option<&'a str>,
    /// The path and the query as they were sent.
    pub(crate) target: Option<&'a str>,
}

impl<'a> OriginalRequest<'a> {
    /// Reads the method and the path from the headers of the proxy.
    pub(super) fn in_headers(headers: &'a HeaderMap, method: &HeaderName, target: &HeaderName) -> Self {
        Self { method: single(headers, method), target: single(headers, target) }
    }

    /// Takes the method of the request itself, and the path that follows `/auth/{gateway_id}/envoy`.
    pub(super) fn below_prefix<B>(request: &'a Request<B>) -> Self {
        let whole = request.uri().path_and_query().map(http::uri::PathAndQuery::as_str);
        let target = whole.and_then(|whole| {
            let (_gateway, rest) = whole.strip_prefix("/auth/")?.split_once('/')?;
            rest.strip_prefix("envoy")
        });
        Self { method: Some(request.method().as_str()), target }
    }
}

/// What the headers of a request may change about it, depending on the upstream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) method: bool,
    pub(super) path: bool,
    /// The sender: the upstream sees an identity that the gateway did not set, or none.
    pub(super) identity: bool,
}

impl Changes {
    /// Examines all headers except `own`, in which the proxy itself describes the request.
    pub(super) fn by(headers: &HeaderMap, own: &[HeaderName]) -> Self {
        let mut changes = Self::default();
        for name in headers.keys().filter(|name| !own.contains(name)) {
            match HeaderMeaning::of(name.as_str()) {
                Some(HeaderMeaning::Method) => changes.method = true,
                Some(HeaderMeaning::Path) => changes.path = true,
                Some(HeaderMeaning::Identity) => changes.identity = true,
                None => {}
            }
        }
        let mut connection = headers.get_all(CONNECTION).iter();
        changes.identity |=
            connection.any(|value| names_identity(&String::from_utf8_lossy(value.as_bytes())));
        changes
    }
}

/// The value of a header that occurs exactly once. If it occurred twice, different readers could use different values.
pub(super) fn single(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    value.to_str().ok()
}

/// The gateway id in a path below `/auth/`.
pub(super) fn gateway_id(path: &str) -> &str {
    let rest = path.strip_prefix("/auth/").unwrap_or_default();
    rest.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Request};

    use super::*;

    #[test]
    fn the_path_below_the_prefix_is_used_unchanged() {
        for (uri, target) in [
            ("/auth/gw_a/envoy/", "/"),
            ("/auth/gw_a/envoy/v1/x?y=/z", "/v1/x?y=/z"),
            ("/auth/gw_a/envoy//x", "//x"),
            ("/auth/gw_a/envoy/../envoy/%2e", "/../envoy/%2e"),
            ("/auth/gw_a/envoy", ""),
            ("/auth/gw_a/envoy?x", "?x"),
        ] {
            let request = Request::builder().method("PURGE").uri(uri).body(()).unwrap();
            let asked = OriginalRequest::below_prefix(&request);
            assert_eq!((asked.method, asked.target), (Some("PURGE"), Some(target)), "{uri}");
            assert_eq!(gateway_id(request.uri().path()), "gw_a");
        }
    }

    #[test]
    fn a_value_that_is_given_twice_is_ignored() {
        let mut headers = HeaderMap::new();
        headers.append("x-original-method", HeaderValue::from_static("GET"));
        headers.append("x-original-uri", HeaderValue::from_static("/a"));
        headers.append("x-original-uri", HeaderValue::from_static("/b"));
        let [method, target] = ["x-original-method", "x-original-uri"].map(HeaderName::from_static);
        let asked = OriginalRequest::in_headers(&headers, &method, &target);
        assert_eq!(asked, OriginalRequest { method: Some("GET"), target: None });
    }

    #[test]
    fn headers_change_a_request_unless_the_proxy_sets_them() {
        let own = ["x-original-method", "x-original-uri"].map(HeaderName::from_static);
        let changes = |name: &'static str, value: &'static str| {
            let names = ["x-original-method", "x-original-uri", "x-key-id", name];
            let headers = names.map(|name| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            Changes::by(&HeaderMap::from_iter(headers), &own)
        };
        let none = Changes::default();
        assert_eq!(changes("x-api-key", "k"), none);
        assert_eq!(changes("connection", "keep-alive, upgrade"), none);
        for name in ["x-http-method-override", "x-http_method-override", "x_original_method"] {
            assert_eq!(changes(name, "DELETE"), Changes { method: true, ..none }, "{name}");
        }
        for name in ["x-original-url", "x-original_uri", "script_name"] {
            assert_eq!(changes(name, "/admin"), Changes { path: true, ..none }, "{name}");
        }
        for (name, value) in [("x_key-id", "key_1"), ("connection", "close, X-Key-Scopes")] {
            assert_eq!(changes(name, value), Changes { identity: true, ..none }, "{name}");
        }
    }
}
