//! Reads the credential of an OAuth 2.0 client (RFC 6749 section 2.3.1). Only the introspection endpoint accepts it,
//! because its clients can often send no other.
//!
//! The secret of the client is a key. The id of the client can be any text, because the key alone says who asks.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use percent_encoding::percent_decode;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::auth::bearer;

/// The parameter of a form that contains the secret of the client.
pub(in crate::api) const CLIENT_SECRET: &str = "client_secret";

/// Returns the key in the header `Authorization`: a bearer token, or the password of the scheme `Basic`.
pub(super) fn in_header(headers: &HeaderMap) -> Option<Zeroizing<String>> {
    bearer(headers).map(|token| Zeroizing::new(token.to_owned())).or_else(|| basic(headers))
}

/// Returns the key in the parameter `client_secret` of a form. It must occur exactly once.
pub(super) fn in_form(headers: &HeaderMap, form: &[u8]) -> Option<Zeroizing<String>> {
    let mut secrets = secrets(form).filter(|_| is_form(headers));
    let (Some(secret), None) = (secrets.next(), secrets.next()) else { return None };
    Some(secret)
}

/// Whether the form contains the secret of a client.
pub(in crate::api) fn has_secret(form: &[u8]) -> bool {
    secrets(form).next().is_some()
}

/// Whether the body is a form by its `Content-Type`, or has none.
pub(in crate::api) fn is_form(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_TYPE).iter().all(|value| {
        let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

/// Whether the request has a header `Authorization` with the scheme `Basic`.
pub(super) fn is_basic(headers: &HeaderMap) -> bool {
    headers.get_all(AUTHORIZATION).iter().any(|value| basic_text(value.as_bytes()).is_some())
}

/// Id and password are encoded as in a form, each by itself, and separated by a colon.
fn basic(headers: &HeaderMap) -> Option<Zeroizing<String>> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    let pair = Zeroizing::new(BASE64_STANDARD.decode(basic_text(value.as_bytes())?).ok()?);
    let colon = pair.iter().position(|byte| *byte == b':')?;
    let password = pair.get(colon + 1..)?;
    // A key contains no plus sign, so it does not matter that this does not turn one into a blank.
    let secret = percent_decode(password).decode_utf8().ok()?;
    Some(Zeroizing::new(secret.into_owned()))
}

fn basic_text(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked("basic ".len())?;
    scheme.eq_ignore_ascii_case(b"basic ").then(|| rest.trim_ascii())
}

fn secrets(form: &[u8]) -> impl Iterator<Item = Zeroizing<String>> {
    form_urlencoded::parse(form)
        .filter(|(name, _)| name == CLIENT_SECRET)
        .map(|(_, secret)| Zeroizing::new(secret.into_owned()))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (AUTHORIZATION, HeaderValue::from_str(value).unwrap())).collect()
    }

    fn basic_of(pair: &str) -> String {
        format!("Basic {}", BASE64_STANDARD.encode(pair))
    }

    fn read(values: &[&str]) -> Option<String> {
        in_header(&headers(values)).map(|secret| secret.to_string())
    }

    #[test]
    fn the_key_is_a_bearer_token_or_the_password_of_basic() {
        for value in [
            "Bearer sk_live_a".to_owned(),
            basic_of("client:sk_live_a"),
            basic_of(":sk_live_a"),
            basic_of("a%3Ab:sk%5Flive%5Fa"),
            basic_of("client:sk_live_a").replacen("Basic", "BASIC", 1),
        ] {
            assert_eq!(read(&[&value]).as_deref(), Some("sk_live_a"), "{value}");
        }
    }

    #[test]
    fn only_one_readable_header_is_a_credential() {
        let good = basic_of("client:sk_live_a");
        for values in [
            &[] as &[&str],
            &["Basic"],
            &["Basic "],
            &["Basic ?"],
            &[basic_of("no colon").as_str()],
            &[basic_of("client:%FF").as_str()],
            &[good.as_str(), good.as_str()],
            &[good.as_str(), "Bearer sk_live_a"],
            &["Digest a"],
        ] {
            assert_eq!(read(values), None, "{values:?}");
        }
    }

    #[test]
    fn a_form_has_the_secret_exactly_once() {
        let form = |kind: &'static str, body: &str| {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
            in_form(&headers, body.as_bytes()).map(|secret| secret.to_string())
        };
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        assert_eq!(form(kind, "client_id=a&client_secret=k%5F1&token=t").as_deref(), Some("k_1"));
        for (kind, body) in [
            (kind, "token=t"),
            (kind, "client_secret=k&client_secret=k"),
            ("application/json", "client_secret=k"),
        ] {
            assert_eq!(form(kind, body), None, "{kind} {body}");
        }
    }
}
