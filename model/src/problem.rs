//! The error that a failed request returns, over REST and in the console.

use crate::field::FieldErrors;

/// The sentence of [`Code::InsufficientStorage`], over REST and in the console.
pub const DISK_FULL: &str =
    "The disk of the database is full, so changes cannot be saved until the operator makes room.";

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal $word:literal,)*) => {
        /// The kind of an error, as precise as a client needs to act on it. Each code has a heading in
        /// `docs/reference/errors.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum Code {$(
            $(#[$doc])*
            #[serde(rename = $word)]
            $name,
        )*}

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self {$(Self::$name => $word,)*}
            }

            pub fn status(self) -> u16 {
                match self {$(Self::$name => $status,)*}
            }
        }
    };
}

codes! {
    /// The request cannot be understood.
    BadRequest = 400 "BadRequestError",
    /// The credential is missing or invalid.
    Unauthorized = 401 "UnauthorizedError",
    /// The caller may not do this.
    Forbidden = 403 "ForbiddenError",
    /// A limit on the number of objects is reached.
    QuotaExceeded = 403 "QuotaExceededError",
    /// The object does not exist, or the caller may not know that it exists.
    NotFound = 404 "NotFoundError",
    /// The path exists, but not with this method.
    MethodNotAllowed = 405 "MethodNotAllowedError",
    /// The name is taken.
    AlreadyExists = 409 "AlreadyExistsError",
    /// Another request changed the object at the same time.
    Conflict = 409 "ConflictError",
    /// The object is no longer in the version that the change is based on.
    PreconditionFailed = 412 "PreconditionFailedError",
    /// The body is too large.
    PayloadTooLarge = 413 "PayloadTooLargeError",
    /// The body is not JSON, or it is compressed.
    UnsupportedMediaType = 415 "UnsupportedMediaTypeError",
    /// The host name in the request is not one of this server's.
    MisdirectedRequest = 421 "MisdirectedRequestError",
    /// At least one field breaks a rule.
    Validation = 422 "ValidationError",
    /// There were too many requests. The client should wait.
    TooManyRequests = 429 "TooManyRequestsError",
    /// The server failed.
    Internal = 500 "InternalServerError",
    /// The server cannot respond now. The client should try again.
    Unavailable = 503 "ServiceUnavailableError",
    /// The disk of the database is full. Trying again helps only after the operator has made room.
    InsufficientStorage = 507 "InsufficientStorageError",
}

/// Numbers that belong to some codes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Details {
    /// The details of [`Code::QuotaExceeded`].
    Quota {
        /// The kind of resource that is limited.
        resource: String,
        /// The present number.
        current: u64,
        /// The maximum number.
        limit: u64,
    },
    /// The details of [`Code::TooManyRequests`].
    RateLimit {
        /// Number of requests allowed in the window.
        limit: u64,
        /// Length of the window in seconds.
        window: u64,
        /// Seconds until the next request can succeed, at least 1.
        retry_after: u64,
    },
}

/// The error as the client receives it. It contains no secret, no submitted value, and nothing about other
/// organizations or internals.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    pub code: Code,
    /// A sentence that says what to do next.
    pub message: String,
    /// The errors of single fields.
    pub fields: FieldErrors,
    pub details: Option<Details>,
    /// The request id, by which the operator can find the request in the log.
    pub request_id: Option<String>,
}

impl Problem {
    /// A problem with a code and a message only.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: FieldErrors::default(),
            details: None,
            request_id: None,
        }
    }

    /// A problem with errors of single fields.
    pub fn validation(fields: FieldErrors) -> Self {
        Self { fields, ..Self::new(Code::Validation, "Validation error") }
    }

    /// Adds the request id.
    #[must_use]
    pub fn in_request(self, request_id: impl Into<String>) -> Self {
        Self { request_id: Some(request_id.into()), ..self }
    }

    /// After how many whole seconds the client should try again, if that makes sense.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        match self.details {
            Some(Details::RateLimit { retry_after, .. }) => Some(retry_after),
            // The duration of an outage is unknown. The server keeps trying to reconnect, and published clients sleep
            // for this long inside a call, so the value is the smallest one.
            _ if self.code == Code::Unavailable => Some(1),
            _ => None,
        }
    }
}

impl From<FieldErrors> for Problem {
    fn from(fields: FieldErrors) -> Self {
        Self::validation(fields)
    }
}
