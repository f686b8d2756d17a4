//! Measures the requests that the router answers. The fast path measures its own.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;

use super::{Route, Traffic};
use crate::traces;

/// Middleware around everything that the router does with a request. A request that its client abandons is not counted.
#[expect(clippy::disallowed_methods, reason = "the real duration is measured")]
pub async fn measure(State(traffic): State<Arc<Traffic>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map(|path| traffic.routes.of_pattern(path.as_str()));
    let response = next.run(request).await;
    let route = route.unwrap_or_else(|| without_pattern(response.status()));
    traffic.record(route, &method, response.status(), started.elapsed());
    traces::answered(&method, traffic.name(route), response.status());
    response
}

/// The route of an address without a pattern: a file, or nothing.
fn without_pattern(status: StatusCode) -> Route {
    if status.is_success() || status == StatusCode::NOT_MODIFIED { Route::ASSETS } else { Route::OTHER }
}
