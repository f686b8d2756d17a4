//! `/auth/{gateway_id}/…`: what proxies ask before they let a request pass, in the words of each of them.
//!
//! This is the busiest path of a server, so it goes around what happens to other requests: no body is read, no line is logged
//! but for failures, and an answer that lets pass has no name. The id of the gateway is all that a proxy shows. Whoever
//! knows it learns whether a key that they hold is good, and nothing else.

mod answer;
mod asked;
mod credential;
mod judge;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use tower_http::catch_panic::CatchPanicLayer;

use self::answer::Dialect;
use self::asked::Asked;
use crate::middleware::panic_response;
use crate::state::AppState;

/// The endpoints, each for one kind of proxy. They take every method.
pub fn routes(state: &AppState) -> Router {
    Router::new()
        .route("/auth/{gateway_id}/nginx", any(nginx))
        .route("/auth/{gateway_id}/traefik", any(forwarded))
        .route("/auth/{gateway_id}/caddy", any(forwarded))
        // The request's own path follows the prefix, whatever it is.
        .route("/auth/{gateway_id}/envoy", any(envoy))
        .route("/auth/{gateway_id}/envoy/", any(envoy))
        .route("/auth/{gateway_id}/envoy/{*path}", any(envoy))
        .layer(CatchPanicLayer::custom(panic_response))
        .with_state(state.clone())
}

/// nginx's `auth_request`: 2xx, 401 and 403 mean something, all else is a failure.
async fn nginx(State(state): State<AppState>, request: Request) -> Response {
    let (head, _body) = request.into_parts();
    let asked = Asked::in_headers(&head.headers, "x-original-method", "x-original-uri");
    judge::answer(&state, &head, asked, Dialect::Nginx).await
}

/// Traefik's `forwardAuth` and Caddy's `forward_auth`: what does not let pass is given to the client as it is.
async fn forwarded(State(state): State<AppState>, request: Request) -> Response {
    let (head, _body) = request.into_parts();
    let asked = Asked::in_headers(&head.headers, "x-forwarded-method", "x-forwarded-uri");
    judge::answer(&state, &head, asked, Dialect::Whole).await
}

/// Envoy's `ext_authz` over HTTP: exactly 200 lets pass; method and path are those of the request itself.
async fn envoy(State(state): State<AppState>, request: Request) -> Response {
    let (head, _body) = request.into_parts();
    judge::answer(&state, &head, Asked::below_prefix(&head), Dialect::Envoy).await
}
