//! The door of the server: what is asked on every request of every API behind it is answered here by hand, all else by the
//! router.
//!
//! Two things are that busy: verifying one key, and what proxies ask. They go around what happens to other requests, which
//! would cost more than the answer: no routing, no log line. The first is answered here only if nothing has to be waited for
//! and nothing is wrong with it; whatever is not so simple goes to the router as it came, which knows every rule and gives
//! the same answers. A test sends everything both ways.

mod arrived;

use std::any::Any;
use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use futures_util::FutureExt;
use http::Request;
use tower::ServiceExt;

pub(crate) use self::arrived::arrived;
use crate::middleware::{RequestId, complete, panic_response};
use crate::router::router;
use crate::state::AppState;
use crate::{api, gateway};

/// What answers requests.
#[derive(Clone)]
pub struct Front {
    router: Router,
    state: AppState,
}

impl Front {
    /// Puts the routes together.
    pub fn new(state: AppState) -> Self {
        Self { router: router(&state), state }
    }

    /// Answers a request.
    pub async fn answer(&self, request: Request<Body>) -> Response {
        match AssertUnwindSafe(self.answer_by_hand(request)).catch_unwind().await {
            Ok(Ok(response)) => response,
            // In a place of its own: what the router needs for its work is too large to be moved with every answer.
            Ok(Err(request)) => Box::pin(self.answer_by_router(request)).await,
            Err(panic) => in_place_of_a_panic(panic),
        }
    }

    /// Answers a request as every other, whatever it asks.
    pub async fn answer_by_router(&self, request: Request<Body>) -> Response {
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }

    async fn answer_by_hand(&self, request: Request<Body>) -> Result<Response, Request<Body>> {
        if api::is_verify(&request) {
            api::verify_now(&self.state, request).await
        } else {
            gateway::answer(&self.state, request).await
        }
    }
}

/// The answer in place of one by hand that panicked. Nothing is added to those on their way out and no line of the log tells
/// of them, so this one has all of it by itself.
fn in_place_of_a_panic(panic: Box<dyn Any + Send>) -> Response {
    let id = RequestId::make();
    tracing::error!(request.id = id.as_str(), "what is answered by hand panicked");
    let mut response = panic_response(panic);
    complete(response.headers_mut(), &id);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_place_of_a_panic_has_its_name_and_is_kept_by_nobody() {
        let answer = in_place_of_a_panic(Box::new("a fault"));
        assert_eq!(answer.status(), 500);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert!(header("x-request-id").starts_with("req_"));
        assert_eq!(
            (header("cache-control"), header("x-content-type-options")),
            ("no-store".into(), "nosniff".into())
        );
    }
}
