//! The credential of a request: `Authorization: Bearer <key>`, and nothing else.
//!
//! No cookie, no query parameter, no other header is ever looked at, so that a key cannot leak into logs by a place
//! that was accepted "as well", and a page of another site cannot borrow the console's session.

use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, HeaderValue};
use service::{
    Authenticated, Checker, Error, NO_CREDENTIAL, Operator, Origin, RateState, Service, WINDOW_SECONDS,
};

/// What a caller is told without a valid credential: the same for every way in which it is not valid.
const REFUSED: Error = Error::Unauthorized(NO_CREDENTIAL);

/// Finds out who calls.
pub(super) async fn authenticate(
    service: &Service,
    headers: &HeaderMap,
    origin: Origin,
) -> Result<Authenticated, Error> {
    let key = bearer(headers).ok_or(REFUSED)?;
    service.authenticate_key(key, origin).await
}

/// Finds out who verifies keys.
pub(super) async fn authenticate_checker(service: &Service, headers: &HeaderMap) -> Result<Checker, Error> {
    let key = bearer(headers).ok_or(REFUSED)?;
    service.checker(key).await
}

/// Finds out whether the operator calls. Whoever does not is told the same as on any other address.
pub(super) fn authenticate_operator(
    service: &Service,
    headers: &HeaderMap,
    origin: Origin,
) -> Result<Operator, Error> {
    let token = bearer(headers).ok_or(REFUSED)?;
    service.authenticate_operator(token, origin).map_err(|_| REFUSED)
}

/// Whether somebody with a credential of the REST API asks, of whatever kind.
pub async fn recognize(service: &Service, headers: &HeaderMap, origin: Origin) -> Result<(), Error> {
    if authenticate_operator(service, headers, origin.clone()).is_ok() {
        return Ok(());
    }
    authenticate(service, headers, origin).await.map(|_known| ())
}

/// The one token of the one `Authorization` header, if it is a bearer's. With two headers it would depend on the reader
/// which of them counts.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    let (scheme, rest) = value.to_str().ok()?.split_once(' ')?;
    let token = rest.trim_start_matches(' ');
    let is_one_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    (scheme.eq_ignore_ascii_case("bearer") && is_one_token).then_some(token)
}

/// Tells the caller where its limit stands: in the members of the published client, and in those of the IETF's draft
/// (`draft-ietf-httpapi-ratelimit-headers`, number 11), whose names of policies are quoted.
pub(super) fn add_rate_headers(headers: &mut HeaderMap, state: &RateState) {
    let RateState { limit, remaining, reset_at, reset_after_seconds, retry_after_seconds } = state;
    // When nothing is left, what counts is when the next request passes. `Retry-After` says the same.
    let wait = if *remaining == 0 { retry_after_seconds } else { reset_after_seconds };
    let mut add = |name, value| headers.insert(HeaderName::from_static(name), value);
    add("x-ratelimit-limit", HeaderValue::from(*limit));
    add("x-ratelimit-remaining", HeaderValue::from(*remaining));
    add("x-ratelimit-reset", HeaderValue::from(reset_at.seconds()));
    add("x-ratelimit-window", HeaderValue::from(WINDOW_SECONDS));
    let policy = format!("\"key\";q={limit};w={WINDOW_SECONDS}");
    let standing = format!("\"key\";r={remaining};t={wait}");
    for (name, text) in [("ratelimit-policy", policy), ("ratelimit", standing)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            add(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token_of(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        bearer(&headers).map(str::to_owned)
    }

    #[test]
    fn the_scheme_is_read_without_regard_to_case() {
        for value in ["Bearer k", "bearer k", "BEARER k", "Bearer   k"] {
            assert_eq!(token_of(&[value]).as_deref(), Some("k"), "{value}");
        }
    }

    #[test]
    fn anything_but_one_bearer_token_is_no_credential() {
        for values in [
            &[] as &[&str],
            &["k"],
            &["Bearer"],
            &["Bearer "],
            &["Bearer\tk"],
            &["Bearerk"],
            &["Bearer k l"],
            &["Bearer k , l"],
            &["Basic k"],
            &["Token k"],
            &[" Bearer k"],
            &["Bearer ké"],
            &["Bearer k", "Bearer k"],
            &["Bearer k", "Basic l"],
        ] {
            assert_eq!(token_of(values), None, "{values:?}");
        }
    }
}
