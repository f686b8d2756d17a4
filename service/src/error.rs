//! The errors of the service, and the only translation of them into problems for clients.

use model::field::{FieldError, FieldErrors, Rule};
use model::problem::{Code, DISK_FULL, Details, Problem};
use store::causes;

use crate::log_throttle::LogThrottle;
use crate::rate::{RateState, WINDOW_SECONDS};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The sentence of [`Code::Internal`].
pub const FAILED: &str = "The server failed. Try again, and tell the operator the request id.";

/// The sentence of [`Code::Unavailable`] while the server stops.
pub const STOPPING: &str = "The server is stopping. Try again in a moment.";

/// Maximum number of log lines a second about requests that failed for one reason. While the database is unreachable,
/// every request fails.
const ERRORS_PER_SECOND: u16 = 5;

/// Why a use case was not carried out. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request has no valid credential.
    #[error("not signed in: {0}")]
    Unauthorized(&'static str),
    #[error("not permitted: {0}")]
    Forbidden(&'static str),
    /// The thing does not exist, or the caller may not know that it exists.
    #[error("not found: {0}")]
    NotFound(&'static str),
    /// Fields of the input break rules.
    #[error("invalid: {0}")]
    Invalid(FieldErrors),
    /// Something with this name or address already exists.
    #[error("taken: {0}")]
    AlreadyExists(&'static str),
    /// Another transaction changed the same row. `retry!` repeats the attempt.
    #[error("changed meanwhile")]
    Conflict,
    /// The thing is no longer in the state that the client's change was based on.
    #[error("based on an older state")]
    Stale,
    /// Another request with the same idempotency key is still being carried out.
    #[error("still in progress")]
    StillAnswering,
    /// The stored response for this idempotency key cannot be read, because another node sealed it with another key.
    #[error("sealed with another key")]
    AnswerUnreadable,
    /// Another request, with other content, had the same idempotency key.
    #[error("idempotency key reused")]
    IdempotencyKeyReused,
    /// A response could not be sealed.
    #[error("a response cannot be encrypted")]
    Seal,
    /// A limit on the number of things is reached.
    #[error("quota of {resource}: {current} of {limit}")]
    Quota {
        /// The kind of thing that is limited.
        resource: &'static str,
        current: u64,
        limit: u64,
    },
    /// The rate limit of the credential is reached.
    #[error("rate limit reached")]
    RateLimited(RateState),
    /// Too many sign-ins failed, or too many clients wait for a password hash.
    #[error("too many attempts")]
    TooManyAttempts {
        /// Whole seconds after which the client may try again.
        retry_after_seconds: u64,
    },
    #[error(transparent)]
    Store(store::Error),
    #[error("a password cannot be hashed")]
    Password(#[source] argon2::password_hash::Error),
    #[error("the system gives no random bytes")]
    Entropy(#[source] getrandom::Error),
    /// The server has too much work in progress.
    #[error("too many requests are in progress")]
    Busy,
    #[error("the server is stopping")]
    ShuttingDown,
}

impl Error {
    pub(crate) fn field(field: &str, rule: Rule, message: &str) -> Self {
        Self::Invalid(FieldErrors::one(field, rule, message))
    }

    /// Returns the problem to send to the client. Details of internal errors go to the log here, with the request's id,
    /// and nowhere else.
    pub fn to_problem(&self, request_id: Option<&str>) -> Problem {
        let problem = match self {
            Self::Unauthorized(sentence) => Problem::new(Code::Unauthorized, *sentence),
            Self::Forbidden(sentence) => Problem::new(Code::Forbidden, *sentence),
            Self::NotFound(sentence) => Problem::new(Code::NotFound, *sentence),
            Self::Invalid(fields) => Problem::validation(fields.clone()),
            Self::AlreadyExists(sentence) => Problem::new(Code::AlreadyExists, *sentence),
            Self::Conflict | Self::Stale => Problem::new(
                Code::Conflict,
                "This was changed in the meantime. Load it again, and repeat the request.",
            ),
            Self::StillAnswering => Problem::new(
                Code::Conflict,
                "A request with this Idempotency-Key is still in progress. Try again in a moment.",
            ),
            Self::AnswerUnreadable => Problem::new(
                Code::Conflict,
                "A request with this Idempotency-Key was carried out, but its response cannot be returned again. List the \
                 keys to see its result.",
            ),
            Self::IdempotencyKeyReused => Problem::validation(reused()),
            Self::Quota { resource, current, limit } => Problem {
                details: Some(Details::Quota {
                    resource: (*resource).to_owned(),
                    current: *current,
                    limit: *limit,
                }),
                ..Problem::new(Code::QuotaExceeded, quota_reached(resource))
            },
            // A request to the API has a cost of 1, and no limit is smaller, so there is always a time after which it
            // passes.
            Self::RateLimited(state) => {
                too_many(u64::from(state.limit), state.retry_after_seconds.unwrap_or(WINDOW_SECONDS))
            }
            Self::TooManyAttempts { retry_after_seconds } => too_many(1, *retry_after_seconds),
            Self::Store(error) if error.is_unavailable() => {
                static THROTTLE: LogThrottle = LogThrottle::per_second(ERRORS_PER_SECOND);
                if let Some(left_out) = THROTTLE.should_log() {
                    tracing::warn!(
                        error = %causes(error),
                        request.id = request_id,
                        left_out,
                        "the database is unreachable"
                    );
                }
                Problem::new(
                    Code::Unavailable,
                    "The server cannot reach its database. Try again in a moment.",
                )
            }
            Self::Store(error) if error.is_disk_full() => {
                static THROTTLE: LogThrottle = LogThrottle::per_second(ERRORS_PER_SECOND);
                if let Some(left_out) = THROTTLE.should_log() {
                    tracing::error!(
                        error = %causes(error),
                        request.id = request_id,
                        left_out,
                        "a change could not be saved"
                    );
                }
                Problem::new(Code::InsufficientStorage, DISK_FULL)
            }
            // The transaction was rolled back because of another one, and lost every retry.
            Self::Busy | Self::Store(store::Error::Retry(_)) => {
                Problem::new(Code::Unavailable, "The server is busy. Try again in a moment.")
            }
            Self::ShuttingDown => Problem::new(Code::Unavailable, STOPPING),
            Self::Store(_) | Self::Password(_) | Self::Entropy(_) | Self::Seal => {
                static THROTTLE: LogThrottle = LogThrottle::per_second(ERRORS_PER_SECOND);
                if let Some(left_out) = THROTTLE.should_log() {
                    tracing::error!(error = %causes(self), request.id = request_id, left_out, "request failed");
                }
                Problem::new(Code::Internal, FAILED)
            }
        };
        match request_id {
            Some(id) => problem.in_request(id),
            None => problem,
        }
    }
}

fn reused() -> FieldErrors {
    let mut errors = FieldErrors::default();
    let message = "This Idempotency-Key was already used for a different request. Choose a new one.";
    let place = vec!["header".into(), "Idempotency-Key".into()];
    errors.push_at(place, FieldError::new(Rule::ValueError, message));
    errors
}

fn quota_reached(resource: &str) -> &'static str {
    match resource {
        "gateways" => "The maximum number of gateways is reached. Remove gateways that are no longer needed.",
        _ => "The maximum number of keys is reached. Revoke keys that are no longer needed.",
    }
}

fn too_many(limit: u64, retry_after: u64) -> Problem {
    Problem {
        details: Some(Details::RateLimit { limit, window: WINDOW_SECONDS, retry_after }),
        ..Problem::new(
            Code::TooManyRequests,
            format!("Too many requests. Try again in {retry_after} seconds."),
        )
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Taken("key_name") => {
                Self::AlreadyExists("An active key with this name already exists.")
            }
            store::Error::Taken("service_account_name") => {
                Self::AlreadyExists("An active service account with this name already exists.")
            }
            store::Error::Taken("gateway_name") => {
                Self::AlreadyExists("A gateway with this name already exists.")
            }
            store::Error::Taken("user_email") => {
                Self::AlreadyExists("A user with this e-mail address already exists.")
            }
            other => Self::Store(other),
        }
    }
}

impl From<FieldErrors> for Error {
    fn from(fields: FieldErrors) -> Self {
        Self::Invalid(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_store_is_written_with_its_causes_and_without_our_own_words() {
        let settings = store::Error::Settings("The file is of another program".to_owned());
        assert_eq!(causes(&Error::from(settings)).to_string(), "The file is of another program");
    }

    #[test]
    fn a_transaction_that_lost_against_others_can_be_tried_again() {
        assert_eq!(Error::from(store::testing::conflict()).to_problem(None).code, Code::Unavailable);
    }
}
