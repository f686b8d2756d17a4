//! Fuzzes hosts and origins: which requests the console accepts as its own, compared with how a browser reads the same
//! texts.

use axum::body::Body;
use axum::extract::Request;
use http::header::{HOST, ORIGIN, REFERER};
use http::{HeaderMap, HeaderValue};
use url::Url;

use super::input::{header, lines, text};
use crate::config::Origin;
use crate::middleware::{has_console_host, is_from_console, strip_foreign_referrer};

/// The input is the address of the console, the target of a request line, and headers.
pub fn origin(data: &[u8]) {
    let mut lines = lines(data);
    let origin = Origin::parse(text(&mut lines).unwrap_or_default());
    let origin = origin.unwrap_or_else(|_| Origin::local("localhost", 3000));
    print(&origin);

    let target = text(&mut lines).unwrap_or_default();
    let headers: HeaderMap = lines.filter_map(header).collect();
    let own = [origin];
    host(target, &headers, &own);
    any_port(&headers, &own);
    sender(&headers, &own);
    referrer(headers, &own);
}

/// An origin is written as a browser writes it, and is read back as the same origin.
fn print(origin: &Origin) {
    let text = origin.to_string();
    assert_eq!(Origin::parse(&text).ok().as_ref(), Some(origin), "{text}");
    assert_eq!(ascii(&text).as_deref(), Some(text.as_str()));
    assert!(origin.is_secure() || is_this_machine(&text), "{text}");
    assert_eq!(origin.is_secure(), text.starts_with("https://"));
}

fn is_this_machine(text: &str) -> bool {
    ["http://localhost", "http://127.", "http://[::1]", "http://[::ffff:7f"]
        .iter()
        .any(|start| text.starts_with(start))
        || text.split(':').nth(1).is_some_and(|host| host.ends_with(".localhost"))
}

/// The origin of a URL, as a browser sends it.
fn ascii(address: &str) -> Option<String> {
    Url::parse(address).ok().map(|url| url.origin().ascii_serialization())
}

/// If a request passes the host check, a browser would read its host as the console's.
fn host(target: &str, headers: &HeaderMap, own: &[Origin; 1]) {
    let mut request = Request::new(Body::empty());
    if let Ok(uri) = target.parse() {
        *request.uri_mut() = uri;
    }
    *request.headers_mut() = headers.clone();
    if !has_console_host(&request, own) {
        return;
    }
    let hosts: Vec<_> = headers.get_all(HOST).iter().map(HeaderValue::to_str).collect();
    let [Ok(host)] = hosts.as_slice() else { panic!("{hosts:?}") };
    let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
    let [origin] = own;
    let scheme = if origin.is_secure() { "https" } else { "http" };
    for named in authority.into_iter().chain([(*host).to_owned()]) {
        assert_eq!(ascii(&format!("{scheme}://{named}")), Some(origin.to_string()), "{named}");
        assert!(!named.contains(['@', '/', '\\', '?', '#']), "{named}");
    }
}

/// With TLS, a `Host` header may name any port. A browser would read it as the same origin, with the console's host.
fn any_port(headers: &HeaderMap, own: &[Origin; 1]) {
    let [origin] = own;
    for given in headers.get_all(HOST).iter().filter_map(|host| host.to_str().ok()) {
        if let Some(named) = Origin::secure_among(given, [origin.host()]) {
            assert_eq!(named.host(), origin.host(), "{given}");
            assert_eq!(ascii(&format!("https://{given}")), Some(named.to_string()), "{given}");
        }
    }
}

/// A change is accepted only if it comes from a page of the console. At least one of `Origin` and `Sec-Fetch-Site` must
/// be present, and those that are present must be right.
fn sender(headers: &HeaderMap, own: &[Origin; 1]) {
    let [origin] = own;
    let all = |name| -> Vec<_> { headers.get_all(name).iter().map(HeaderValue::as_bytes).collect() };
    let (origins, sites) = (all(ORIGIN.as_str()), all("sec-fetch-site"));
    let text = origin.to_string();
    let is_origin = matches!(origins.as_slice(), [given] if *given == text.as_bytes());
    let is_site = matches!(sites.as_slice(), [b"same-origin"]);
    let is_right = match (origins.is_empty(), sites.is_empty()) {
        (true, true) => false,
        (true, false) => is_site,
        (false, true) => is_origin,
        (false, false) => is_origin && is_site,
    };
    assert_eq!(is_from_console(headers, own), is_right, "{headers:?}");
}

/// The page to which a plain form redirects is a page of the console.
fn referrer(mut headers: HeaderMap, own: &[Origin; 1]) {
    let [origin] = own;
    strip_foreign_referrer(&mut headers, own);
    let Some(referrer) = headers.get(REFERER) else { return };
    let address = referrer.to_str().map(ascii);
    assert_eq!(address.ok().flatten(), Some(origin.to_string()), "{referrer:?}");
}
