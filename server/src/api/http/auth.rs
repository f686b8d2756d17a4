//! Reads the credential of a request: `Authorization: Bearer <key>`, and nothing else. Only introspection also accepts
//! the credentials of an OAuth 2.0 client (`client_secret`).
//!
//! Cookies, query parameters and other headers are never accepted. A key therefore never has to be put where logs
//! record it, such as a URL, and a page of another site cannot use the console's session to call the API.

use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, HeaderValue};
use service::{
    Authenticated, Checker, Error, NO_CREDENTIAL, Operator, RateState, RequestContext, Service,
    WINDOW_SECONDS,
};
use zeroize::Zeroizing;

/// The error for a request without a valid credential. It is the same whatever is wrong with the credential.
const REFUSED: Error = Error::Unauthorized(NO_CREDENTIAL);

/// Authenticates the caller by its key, and counts the request against the rate limit of that key.
pub(in crate::api) async fn authenticate(
    service: &Service,
    headers: &HeaderMap,
    context: RequestContext,
) -> Result<Authenticated, Error> {
    let key = bearer(headers).ok_or(REFUSED)?;
    service.authenticate_key(key, context).await
}

/// Authenticates a caller that verifies keys. The request does not count against the rate limit of the caller's own
/// key.
pub(in crate::api) async fn authenticate_checker(
    service: &Service,
    key: Option<&Zeroizing<String>>,
) -> Result<Checker, Error> {
    service.checker(key.ok_or(REFUSED)?).await
}

/// Authenticates the operator. Any other caller gets the same error as at every other path.
pub(in crate::api) fn authenticate_operator(
    service: &Service,
    headers: &HeaderMap,
    context: RequestContext,
) -> Result<Operator, Error> {
    let token = bearer(headers).ok_or(REFUSED)?;
    service.authenticate_operator(token, context).map_err(|_| REFUSED)
}

/// Checks that the request has a valid credential of the REST API: the operator's token or a key.
pub async fn recognize(service: &Service, headers: &HeaderMap, context: RequestContext) -> Result<(), Error> {
    if authenticate_operator(service, headers, context.clone()).is_ok() {
        return Ok(());
    }
    authenticate(service, headers, context).await.map(|_known| ())
}

/// Returns the token if the request has exactly one `Authorization` header, its scheme is `Bearer`, and it contains a
/// single token. With two headers, different readers could disagree on which one counts.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    let (scheme, rest) = value.to_str().ok()?.split_once(' ')?;
    let token = rest.trim_start_matches(' ');
    let is_one_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    (scheme.eq_ignore_ascii_case("bearer") && is_one_token).then_some(token)
}

/// Reports the state of the rate limit in two sets of headers: those that the published client reads, and those of the
/// IETF draft `draft-ietf-httpapi-ratelimit-headers-11`, in which the name of a policy is in quotes.
pub(in crate::api) fn add_rate_headers(headers: &mut HeaderMap, state: &RateState) {
    let RateState { limit, remaining, reset_at, reset_after_seconds, retry_after_seconds } = state;
    // When no requests are left, the wait is the time until the next request will pass, as in `Retry-After`.
    let wait = retry_after_seconds.filter(|_| *remaining == 0).unwrap_or(*reset_after_seconds);
    let mut add = |name, value| headers.insert(HeaderName::from_static(name), value);
    add("x-ratelimit-limit", HeaderValue::from(*limit));
    add("x-ratelimit-remaining", HeaderValue::from(*remaining));
    add("x-ratelimit-reset", HeaderValue::from(reset_at.seconds()));
    add("x-ratelimit-window", HeaderValue::from(WINDOW_SECONDS));
    let policy = format!("\"key\";q={limit};w={WINDOW_SECONDS}");
    let state = format!("\"key\";r={remaining};t={wait}");
    for (name, text) in [("ratelimit-policy", policy), ("ratelimit", state)] {
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
    fn the_scheme_is_compared_without_regard_to_letter_case() {
        for value in ["Bearer k", "bearer k", "BEARER k", "Bearer   k"] {
            assert_eq!(token_of(&[value]).as_deref(), Some("k"), "{value}");
        }
    }

    #[test]
    fn only_exactly_one_bearer_token_is_a_credential() {
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
