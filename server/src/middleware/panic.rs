//! Turns a panic into an answer, so that it ends only its own request.

use std::any::Any;

use axum::response::Response;
use model::problem::Code;

use crate::api::http::problem::refuse;

/// Answers a request whose handler panicked. The log says where it panicked. The client gets no details.
pub fn panic_response(_payload: Box<dyn Any + Send + 'static>) -> Response {
    let message = "The server failed. Its log contains the cause under the request id.";
    refuse(Code::Internal, message)
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn the_client_learns_nothing_about_a_panic() {
        let answer = panic_response(Box::new("index 7 of /src/keys.rs"));
        assert_eq!(answer.status(), 500);
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(text.contains("InternalServerError") && !text.contains("keys.rs"), "{text}");
    }
}
