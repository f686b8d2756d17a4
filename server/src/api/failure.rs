//! Why a handler gives no answer, and the one place where that becomes a [`Problem`].

use model::field::{FieldError, FieldErrors, Rule, Step};
use model::problem::{Code, Problem};

use crate::middleware::Unread;

/// What ends a handler early.
#[derive(Debug)]
pub(super) enum Failure {
    /// Members of the body break rules.
    Body(FieldErrors),
    /// Parameters of the query break rules.
    Query(FieldErrors),
    /// The body is not JSON by its own account.
    MediaType,
    /// The body was not read.
    Unread(Unread),
    /// A header cannot be understood; a sentence says which.
    Header(&'static str),
    /// The header `Idempotency-Key` is no name of a request.
    IdempotencyKey,
    /// The service refused.
    Service(service::Error),
}

impl Failure {
    /// A body that is wrong as a whole, perhaps at one byte of it.
    pub(super) fn whole_body(location: Vec<Step>, rule: Rule, message: &str) -> Self {
        let mut errors = FieldErrors::default();
        errors.push_at(location, FieldError::new(rule, message));
        Self::Body(errors)
    }

    /// What the client is told.
    pub(super) fn into_problem(self, request_id: Option<&str>) -> Problem {
        match self {
            Self::Body(fields) | Self::Service(service::Error::Invalid(fields)) => {
                Problem::validation(below("body", fields))
            }
            Self::Query(fields) => Problem::validation(below("query", fields)),
            Self::MediaType => Problem::new(Code::UnsupportedMediaType, "Send the body as application/json."),
            Self::Unread(why) => why.into_problem(),
            Self::Header(sentence) => Problem::new(Code::BadRequest, sentence),
            Self::Service(service::Error::Stale) => Problem::new(
                Code::PreconditionFailed,
                "Somebody else changed this meanwhile. Load it again and repeat with the new ETag.",
            ),
            Self::IdempotencyKey => Problem::new(
                Code::BadRequest,
                "Send one header Idempotency-Key, of 1 to 255 visible ASCII characters, such as a UUID.",
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

/// Says in which part of the request the rules were broken. The model knows members only.
fn below(part: &str, fields: FieldErrors) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.append_at(&[part.into()], fields);
    errors
}
