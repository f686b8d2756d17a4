//! The one error that crosses the border between the browser and the server.

use leptos::server_fn::{
    Bytes, Decodes,
    codec::JsonEncoding,
    error::{FromServerFnError, IntoAppError, ServerFnErrorErr},
};
use model::{
    field::FieldErrors,
    problem::{Code, Problem},
};

const UNREADABLE: (Code, &str) =
    (Code::BadRequest, "The request cannot be understood. Load the page again and repeat.");

/// Why a server function did not do its work: what the server says, or that it could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[serde(transparent)]
#[error("{}", .0.message)]
pub struct ConsoleError(pub Problem);

impl ConsoleError {
    /// What went wrong, as far as a page acts on it.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Whether the person has to sign in (again).
    pub fn is_signed_out(&self) -> bool {
        self.0.code == Code::Unauthorized
    }
}

/// Every refusal of a server function is made here, so that each has its status.
impl From<Problem> for ConsoleError {
    fn from(problem: Problem) -> Self {
        #[cfg(feature = "ssr")]
        crate::fns::answer::set_status(&problem);
        Self(problem)
    }
}

impl From<FieldErrors> for ConsoleError {
    fn from(fields: FieldErrors) -> Self {
        Problem::validation(fields).into()
    }
}

#[cfg(feature = "ssr")]
impl From<service::Error> for ConsoleError {
    fn from(error: service::Error) -> Self {
        let origin = crate::fns::caller::origin();
        error.to_problem(origin.request_id.as_deref()).into()
    }
}

impl FromServerFnError for ConsoleError {
    type Encoder = JsonEncoding;

    /// The framework's own errors. Their texts are dropped: they may repeat what was submitted.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let (code, message) = match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => UNREADABLE,
            // On the server this is what was sent, in the browser what came back.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => UNREADABLE,
            ServerFnErrorErr::Request(_) => {
                (Code::Unavailable, "The server cannot be reached. Check the connection and try again.")
            }
            ServerFnErrorErr::Deserialization(_) => {
                (Code::Unavailable, "The server's answer cannot be read. Load the page again.")
            }
            _ => (Code::Internal, "The server failed. Try again."),
        };
        Problem::new(code, message).into()
    }

    /// Every refusal that reaches the browser passes here, so this is where an ended session is noticed, whatever was
    /// asked for.
    fn de(data: Bytes) -> Self {
        let error = JsonEncoding::decode(data)
            .unwrap_or_else(|error| ServerFnErrorErr::Deserialization(error.to_string()).into_app_error());
        #[cfg(not(feature = "ssr"))]
        if Self::is_signed_out(&error) {
            crate::state::me::leave();
        }
        error
    }
}
