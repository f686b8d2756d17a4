//! The body of every error, and the only conversion of a [`Problem`] into a response.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use model::field::{FieldError, Step};
use model::problem::{Code, Details, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// A problem that is returned as a response.
pub struct Refusal(pub Problem);

/// Responds with an error that consists of a code and a message for people.
pub fn refuse(code: Code, message: impl Into<String>) -> Response {
    Refusal(Problem::new(code, message)).into_response()
}

/// Returns only the body of an error. The listener uses it to answer bytes that hyper could not parse as a request,
/// with the status that hyper chose.
pub fn body_of(problem: &Problem, status: StatusCode) -> Vec<u8> {
    let response = ErrorResponse { status: status.as_u16(), ..ErrorResponse::of(problem) };
    serde_json::to_vec(&response).unwrap_or_default()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let status = StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(ErrorResponse::of(&problem))).into_response();
        if problem.code == Code::Unauthorized {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // Published clients sleep for this long inside the call, so it must be exact, and absent from other errors.
        if let Some(seconds) = problem.retry_after_seconds() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        // The envelope is built from this at paths where errors have another format.
        response.extensions_mut().insert(problem);
        response
    }
}

/// The body of an error. A 422 contains its validation errors twice, because published clients before 1.0 read
/// `detail`, and later ones read `error.details`.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct ErrorResponse<'a> {
    /// Always false.
    #[schema(examples(false))]
    success: bool,
    /// The HTTP status.
    #[schema(examples(404))]
    status: u16,
    error: ErrorDetail<'a>,
    /// The validation errors of a 422, for older clients. Otherwise absent.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Vec<ValidationDetail<'a>>>,
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
struct ErrorDetail<'a> {
    /// A sentence for people. It says what is wrong or what to do.
    #[schema(examples("This needs the permission admin."))]
    message: &'a str,
    /// A code for programs.
    #[schema(examples("ForbiddenError"))]
    r#type: &'static str,
    /// Numbers or validation errors. Always an object or null, because published clients refuse anything else.
    #[schema(required)]
    details: Option<ErrorDetails<'a>>,
}

/// Numbers or validation errors.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum ErrorDetails<'a> {
    Figures(&'a Details),
    /// The details of a 422.
    Fields {
        validation_errors: Vec<ValidationError<'a>>,
    },
}

/// A validation error.
#[derive(Serialize, ToSchema)]
struct ValidationError<'a> {
    /// The code of the rule.
    #[schema(examples("string_too_short"))]
    r#type: &'static str,
    /// The location of the value: `body`, `query`, `path` or `header`, then names of fields and indexes of items.
    #[schema(examples(json!(["body", "name"])))]
    location: &'a [Step],
    /// A sentence for people that says what to do.
    #[schema(examples("Fill in this field."))]
    message: &'a str,
}

/// A validation error in the form of older clients.
#[derive(Serialize, ToSchema)]
struct ValidationDetail<'a> {
    /// The location of the value: `body`, `query`, `path` or `header`, then names of fields and indexes of items.
    #[schema(examples(json!(["body", "name"])))]
    loc: &'a [Step],
    /// A sentence for people that says what to do.
    #[schema(examples("Fill in this field."))]
    msg: &'a str,
    /// The code of the rule.
    #[schema(examples("string_too_short"))]
    r#type: &'static str,
}

impl<'a> ErrorResponse<'a> {
    pub(in crate::api) fn of(problem: &'a Problem) -> Self {
        let Problem { code, message, fields, details, request_id: _in_the_header } = problem;
        let is_validation = *code == Code::Validation;
        let details = if is_validation {
            Some(ErrorDetails::Fields { validation_errors: fields.iter().map(ValidationError::of).collect() })
        } else {
            details.as_ref().map(ErrorDetails::Figures)
        };
        Self {
            success: false,
            status: code.status(),
            error: ErrorDetail { message, r#type: code.as_str(), details },
            detail: is_validation.then(|| fields.iter().map(ValidationDetail::of).collect()),
        }
    }
}

impl<'a> ValidationError<'a> {
    fn of(error: &'a FieldError) -> Self {
        let FieldError { location, rule, message } = error;
        Self { r#type: rule.as_str(), location, message }
    }
}

impl<'a> ValidationDetail<'a> {
    fn of(error: &'a FieldError) -> Self {
        let FieldError { location, rule, message } = error;
        Self { loc: location, msg: message, r#type: rule.as_str() }
    }
}
