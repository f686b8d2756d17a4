//! The one error that leaves the server, over REST and to the console.

use crate::field::FieldErrors;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal $word:literal,)*) => {
        /// What went wrong, as far as a client would act on it. Each has a heading in `docs/errors.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum Code {$(
            $(#[$doc])*
            #[serde(rename = $word)]
            $name,
        )*}

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self {$(Self::$name => $word,)*}
            }

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self {$(Self::$name => $status,)*}
            }
        }
    };
}

codes! {
    /// The request cannot be understood.
    BadRequest = 400 "BadRequestError",
    /// No credential, or none that is valid.
    Unauthorized = 401 "UnauthorizedError",
    /// Not permitted to this caller.
    Forbidden = 403 "ForbiddenError",
    /// A limit on a number of things is reached.
    QuotaExceeded = 403 "QuotaExceededError",
    /// Not there, or not for this caller to know.
    NotFound = 404 "NotFoundError",
    /// The address is right, the method is not.
    MethodNotAllowed = 405 "MethodNotAllowedError",
    /// The name is taken.
    AlreadyExists = 409 "AlreadyExistsError",
    /// Somebody else changed it meanwhile.
    Conflict = 409 "ConflictError",
    /// It is no longer in the state that the change was to be based on.
    PreconditionFailed = 412 "PreconditionFailedError",
    /// The body is too large.
    PayloadTooLarge = 413 "PayloadTooLargeError",
    /// The body is of another kind than JSON, or compressed.
    UnsupportedMediaType = 415 "UnsupportedMediaTypeError",
    /// The host's name is not this server's.
    MisdirectedRequest = 421 "MisdirectedRequestError",
    /// Rules of fields are broken.
    Validation = 422 "ValidationError",
    /// Too many requests; wait.
    TooManyRequests = 429 "TooManyRequestsError",
    /// The server failed.
    Internal = 500 "InternalServerError",
    /// The server cannot answer now; try again.
    Unavailable = 503 "ServiceUnavailableError",
}

/// Figures that go with some codes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Details {
    /// With [`Code::QuotaExceeded`].
    Quota {
        /// Of what there are too many.
        resource: String,
        /// How many there are.
        current: u64,
        /// How many there may be.
        limit: u64,
    },
    /// With [`Code::TooManyRequests`].
    RateLimit {
        /// Requests allowed in the window.
        limit: u64,
        /// The window, in seconds.
        window: u64,
        /// Whole seconds until the next request would pass, at least 1.
        retry_after: u64,
    },
}

/// What a client is told. Holds no secret, no submitted value, nothing of another organization or of our insides.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    /// What went wrong.
    pub code: Code,
    /// A sentence that says what to do next.
    pub message: String,
    /// Broken rules of fields.
    pub fields: FieldErrors,
    /// Figures.
    pub details: Option<Details>,
    /// The request, for whoever looks into the log.
    pub request_id: Option<String>,
}

impl Problem {
    /// A problem that is said by a code and a sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: FieldErrors::default(),
            details: None,
            request_id: None,
        }
    }

    /// Broken rules of fields.
    pub fn validation(fields: FieldErrors) -> Self {
        Self { fields, ..Self::new(Code::Validation, "Validation error") }
    }

    /// The same problem, of a known request.
    #[must_use]
    pub fn in_request(self, request_id: impl Into<String>) -> Self {
        Self { request_id: Some(request_id.into()), ..self }
    }

    /// Whole seconds after which another try makes sense, where one does.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        match self.details {
            Some(Details::RateLimit { retry_after, .. }) => Some(retry_after),
            // Nobody knows. What cannot be reached is looked for all the time, and published clients sleep for so long
            // inside a call.
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
