//! The error type of all server functions, which travels from the server to the browser.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, IntoAppError, ServerFnErrorErr};
use leptos::server_fn::{Bytes, Decodes};
use model::field::FieldErrors;
use model::problem::{Code, Problem};

use crate::failures::{FAILED, UNREADABLE};

/// Why a server function failed: the problem that the server reported, or that the server could not be reached.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[serde(transparent)]
#[error("{}", .0.message)]
pub struct ConsoleError(pub Problem);

impl ConsoleError {
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Whether the person has to sign in, perhaps again.
    pub fn is_signed_out(&self) -> bool {
        self.0.code == Code::Unauthorized
    }
}

/// Every error of a server function is created here, so that the server's response always gets its status.
impl From<Problem> for ConsoleError {
    fn from(problem: Problem) -> Self {
        #[cfg(feature = "ssr")]
        crate::fns::response::set_status(&problem);
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
        let context = crate::fns::caller::context();
        error.to_problem(context.request_id.as_deref()).into()
    }
}

impl FromServerFnError for ConsoleError {
    type Encoder = JsonEncoding;

    /// Converts the framework's own errors. Their texts are dropped, because they may repeat what was submitted.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let (code, message) = match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => (Code::BadRequest, UNREADABLE),
            // On the server, the request could not be decoded; in the browser, the response.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => (Code::BadRequest, UNREADABLE),
            ServerFnErrorErr::Request(_) => {
                (Code::Unavailable, "The server could not be reached. Check your connection and try again.")
            }
            ServerFnErrorErr::Deserialization(_) => {
                (Code::Unavailable, "The server's response could not be read. Reload the page.")
            }
            _ => (Code::Internal, FAILED),
        };
        Problem::new(code, message).into()
    }

    /// Decodes an error. Every error that the server sends to the browser passes through this function, so this is the
    /// place to notice that the session has ended.
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
