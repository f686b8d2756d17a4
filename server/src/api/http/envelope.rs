//! The format of responses at `/v1/api-keys` and `/v1/service-accounts`: an envelope around the data, and around
//! errors.

use axum::Json;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use model::field::{FieldError, Step};
use model::problem::{Code, Problem};
use serde::Serialize;

use super::call::Call;

/// The most field errors that one message lists.
const FIELDS_MAX: usize = 20;

/// Whether responses at this path, including errors, have an envelope.
pub fn covers(path: &str) -> bool {
    ["/v1/api-keys", "/v1/service-accounts"]
        .iter()
        .any(|start| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, T> {
    /// The HTTP status.
    code: u16,
    message: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
}

/// An envelope without data, with a member that is added only because the request asks for it.
#[derive(Serialize)]
struct WithEnforcement<'a, E> {
    #[serde(flatten)]
    envelope: Envelope<'a, ()>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enforcement: Option<E>,
}

pub(in crate::api) fn ok(call: &Call, data: impl Serialize) -> Response {
    success(call, Some(data))
}

/// Responds with data that contains a secret. `no-store` keeps caches from storing it.
pub(in crate::api) fn secret(call: &Call, data: impl Serialize) -> Response {
    let mut response = ok(call, data);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Responds with success when there is nothing to return.
pub(in crate::api) fn done(call: &Call) -> Response {
    success(call, None::<()>)
}

/// Responds with success and with how many servers enforce the change, if that is known.
pub(in crate::api) fn enforced(call: &Call, enforcement: Option<impl Serialize>) -> Response {
    Json(WithEnforcement { envelope: envelope(call, None), enforcement }).into_response()
}

fn success(call: &Call, data: Option<impl Serialize>) -> Response {
    Json(envelope(call, data)).into_response()
}

fn envelope<T>(call: &Call, data: Option<T>) -> Envelope<'_, T> {
    let request_id = call.caller.context.request_id.as_deref().unwrap_or_default();
    Envelope { code: StatusCode::OK.as_u16(), message: "success", request_id, data }
}

/// Puts an error into an envelope, wherever it was produced. Field errors get status 400 here instead of 422. Any other
/// response is returned unchanged, because handlers put their data into an envelope themselves.
pub fn enclose(mut response: Response, request_id: &str) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let status = match problem.code {
        Code::Validation => StatusCode::BAD_REQUEST,
        _ => response.status(),
    };
    let message = message(&problem);
    let body = Envelope::<()> { code: status.as_u16(), message: &message, request_id, data: None };
    let body = serde_json::to_vec(&body).map_or_else(|_| Body::empty(), Body::from);
    *response.status_mut() = status;
    *response.body_mut() = body;
    response
}

/// The message for people. Each field error names its member.
fn message(problem: &Problem) -> String {
    let rules: Vec<_> = problem.fields.iter().take(FIELDS_MAX).map(sentence).collect();
    if rules.is_empty() { problem.message.clone() } else { rules.join(" ") }
}

fn sentence(error: &FieldError) -> String {
    let steps = error.location.iter().enumerate();
    // The first step is the part of the request, such as `body`. It is left out, and so is a byte offset directly below
    // it.
    let place = steps.skip(1).fold(String::new(), |place, (at, step)| match step {
        Step::Name(name) if place.is_empty() => name.clone(),
        Step::Name(name) => format!("{place}.{name}"),
        Step::Index(_) if at == 1 => place,
        Step::Index(index) => format!("{place}[{index}]"),
    });
    if place.is_empty() { error.message.clone() } else { format!("{place}: {}", error.message) }
}

#[cfg(test)]
mod tests {
    use model::field::{FieldErrors, Rule};

    use super::*;

    #[test]
    fn the_envelope_covers_an_address_and_everything_below_it() {
        for path in ["/v1/api-keys", "/v1/api-keys/", "/v1/api-keys/key_a1/rotate", "/v1/service-accounts/x"]
        {
            assert!(covers(path), "{path}");
        }
        for path in ["/v1/api-keys2", "/v1/organizations", "/v1/api%2Dkeys", "/v1", "/api-keys", ""] {
            assert!(!covers(path), "{path}");
        }
    }

    #[test]
    fn a_message_names_each_field() {
        let mut errors = FieldErrors::default();
        let error = || FieldError::new(Rule::ValueError, "Is wrong.");
        errors.push_at(vec!["body".into(), "name".into()], error());
        errors.push_at(vec!["body".into(), "permissions".into(), Step::Index(1)], error());
        errors.push_at(vec!["body".into(), Step::Index(17)], error());
        errors.push_at(vec!["body".into()], error());
        let reported = message(&Problem::validation(errors));
        assert_eq!(reported, "name: Is wrong. permissions[1]: Is wrong. Is wrong. Is wrong.");
        assert_eq!(message(&Problem::new(Code::NotFound, "Gone.")), "Gone.");
    }
}
