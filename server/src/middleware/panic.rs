//! A panic ends its request alone.

use std::any::Any;

use axum::response::Response;
use model::problem::Code;

use crate::api::problem::refuse;

/// The answer to a request whose handler panicked. The log has the place; the client learns nothing of it.
pub fn panic_response(_payload: Box<dyn Any + Send + 'static>) -> Response {
    let message = "Something went wrong on the server. The log names it under the request id.";
    refuse(Code::Internal, message)
}
