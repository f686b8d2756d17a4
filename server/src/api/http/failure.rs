//! The errors with which a handler ends early. This is the only place where they become a [`Problem`].

use model::field::{FieldError, FieldErrors, Rule, Step};
use model::problem::{Code, Problem};

use super::body::BodyError;

/// An error that ends a handler early.
#[derive(Debug)]
pub(in crate::api) enum Failure {
    /// Members of the body are invalid.
    Body(FieldErrors),
    /// Parameters of the query are invalid.
    Query(FieldErrors),
    /// The body is not JSON by its `Content-Type`.
    NotJson,
    /// The body is not a form by its `Content-Type`.
    NotAForm,
    /// The body could not be read.
    BodyError(BodyError),
    /// A header cannot be understood. The message says which one.
    Header(&'static str),
    /// The header `Idempotency-Key` is repeated or malformed.
    IdempotencyKey,
    /// The service refused the request.
    Service(service::Error),
}

impl Failure {
    /// An error of the body as a whole, or at one byte of it.
    pub(in crate::api) fn whole_body(location: Vec<Step>, rule: Rule, message: &str) -> Self {
        let mut errors = FieldErrors::default();
        errors.push_at(location, FieldError::new(rule, message));
        Self::Body(errors)
    }

    /// The error as the client receives it.
    pub(in crate::api) fn into_problem(self, request_id: Option<&str>) -> Problem {
        match self {
            Self::Body(fields) | Self::Service(service::Error::Invalid(fields)) => {
                Problem::validation(below("body", fields))
            }
            Self::Query(fields) => Problem::validation(below("query", fields)),
            Self::NotJson => Problem::new(Code::UnsupportedMediaType, "Send the body as application/json."),
            Self::NotAForm => Problem::new(
                Code::UnsupportedMediaType,
                "Send the body as application/x-www-form-urlencoded.",
            ),
            Self::BodyError(why) => why.into_problem(),
            Self::Header(sentence) => Problem::new(Code::BadRequest, sentence),
            Self::Service(service::Error::Stale) => Problem::new(
                Code::PreconditionFailed,
                "This was changed in the meantime. Load it again, and repeat the request with its new ETag.",
            ),
            Self::IdempotencyKey => Problem::new(
                Code::BadRequest,
                "Send one Idempotency-Key header with 1 to 255 visible ASCII characters, such as a UUID.",
            ),
            Self::Service(error) => error.to_problem(request_id),
        }
    }
}

impl From<service::Error> for Failure {
    fn from(error: service::Error) -> Self {
        Self::Service(error)
    }
}

/// Adds the part of the request to the location of each error. The model knows only the members below it.
fn below(part: &str, fields: FieldErrors) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.append_at(&[part.into()], fields);
    errors
}
