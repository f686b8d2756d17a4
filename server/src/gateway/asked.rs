//! What a proxy says of the request that it asks about.

use http::header::AsHeaderName;
use http::{HeaderMap, HeaderName, Request};

/// Headers by which some upstreams let a client change the method.
const METHOD_OVERRIDES: [HeaderName; 3] = [
    HeaderName::from_static("x-http-method-override"),
    HeaderName::from_static("x-http-method"),
    HeaderName::from_static("x-method-override"),
];

/// The request that is asked about. What the proxy did not say once and clearly is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked<'a> {
    pub(super) method: Option<&'a str>,
    /// Path and query as they were sent.
    pub(super) target: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// Method and path as the proxy's headers tell them.
    pub(super) fn in_headers(headers: &'a HeaderMap, method: &HeaderName, target: &HeaderName) -> Self {
        Self { method: single(headers, method), target: single(headers, target) }
    }

    /// Method and path of the request itself, behind `/auth/{gateway_id}/envoy`.
    pub(super) fn below_prefix<B>(request: &'a Request<B>) -> Self {
        let whole = request.uri().path_and_query().map(http::uri::PathAndQuery::as_str);
        let target = whole.and_then(|whole| {
            let (_gateway, rest) = whole.strip_prefix("/auth/")?.split_once('/')?;
            rest.strip_prefix("envoy")
        });
        Self { method: Some(request.method().as_str()), target }
    }

    /// The same without its method, if a header may change it: then no rule that depends on the method can decide.
    pub(super) fn without_changed_method(self, headers: &HeaderMap) -> Self {
        let may_change = METHOD_OVERRIDES.iter().any(|name| headers.contains_key(name));
        if may_change { Self { method: None, ..self } } else { self }
    }
}

/// The one value of a header. Of two, each reader might believe another one.
pub(super) fn single(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    value.to_str().ok()
}

/// The id of the gateway in a path below `/auth/`.
pub(super) fn gateway_id(path: &str) -> &str {
    let rest = path.strip_prefix("/auth/").unwrap_or_default();
    rest.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Request};

    use super::*;

    #[test]
    fn the_path_below_the_prefix_is_taken_as_it_is() {
        for (uri, target) in [
            ("/auth/gw_a/envoy/", "/"),
            ("/auth/gw_a/envoy/v1/x?y=/z", "/v1/x?y=/z"),
            ("/auth/gw_a/envoy//x", "//x"),
            ("/auth/gw_a/envoy/../envoy/%2e", "/../envoy/%2e"),
            ("/auth/gw_a/envoy", ""),
            ("/auth/gw_a/envoy?x", "?x"),
        ] {
            let request = Request::builder().method("PURGE").uri(uri).body(()).unwrap();
            let asked = Asked::below_prefix(&request);
            assert_eq!((asked.method, asked.target), (Some("PURGE"), Some(target)), "{uri}");
            assert_eq!(gateway_id(request.uri().path()), "gw_a");
        }
    }

    #[test]
    fn what_is_said_twice_is_not_known() {
        let mut headers = HeaderMap::new();
        headers.append("x-original-method", HeaderValue::from_static("GET"));
        headers.append("x-original-uri", HeaderValue::from_static("/a"));
        headers.append("x-original-uri", HeaderValue::from_static("/b"));
        let [method, target] = ["x-original-method", "x-original-uri"].map(HeaderName::from_static);
        let asked = Asked::in_headers(&headers, &method, &target);
        assert_eq!(asked, Asked { method: Some("GET"), target: None });
        assert_eq!(asked.without_changed_method(&headers), asked);
        headers.insert("x-http-method-override", HeaderValue::from_static("DELETE"));
        let asked = Asked { method: Some("GET"), target: None };
        assert_eq!(asked.without_changed_method(&headers).method, None);
    }
}
