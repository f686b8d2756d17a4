//! Which part answers which address.

use axum::{Router, middleware::from_fn_with_state, routing::get};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    api, console,
    health::health,
    middleware::{edge, guard_console, limit_body, panic_response},
    reference,
    state::AppState,
};

/// Health check, description of the API and its reference, REST API, and the console with everything else.
///
/// The console alone takes cookies and alone is guarded against foreign sites; the REST API takes keys alone and may be
/// called under any host name.
pub fn router(state: &AppState) -> Router {
    let console = console::routes(state)
        .layer(axum::middleware::from_fn(limit_body))
        .layer(from_fn_with_state(state.clone(), guard_console));
    let api = api::routes().layer(axum::middleware::from_fn(limit_body)).with_state(state.clone());
    let open = Router::new()
        .route("/healthz", get(health))
        .with_state(state.clone())
        .route("/openapi.json", get(api::openapi::answer))
        .merge(reference::routes());

    console
        .merge(open)
        .merge(api)
        .layer(CatchPanicLayer::custom(panic_response))
        .layer(from_fn_with_state(state.clone(), edge))
}
