//! The door of the server: what is asked on every request of every API behind it is answered here by hand, all else by the
//! router.
//!
//! Two things are that busy: verifying one key, and what proxies ask. They go around what happens to other requests, which
//! would cost more than the answer: no routing, no log line. The first is answered here only if nothing has to be waited for
//! and nothing is wrong with it; whatever is not so simple goes to the router as it came, which knows every rule and gives
//! the same answers. A test sends everything both ways.

mod arrived;

use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use futures_util::FutureExt;
use http::Request;
use tower::ServiceExt;

pub(crate) use self::arrived::arrived;
use crate::middleware::panic_response;
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
            Err(panic) => panic_response(panic),
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
