//! Which part answers which address.

use axum::{Router, middleware::from_fn_with_state, routing::get};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    api,
    config::DocsReaders,
    console,
    health::health,
    middleware::{edge, guard_console, guard_docs, limit_body, panic_response},
    reference,
    state::AppState,
};

/// Health check, description of the API and its reference, REST API, and the console with everything else.
///
/// The console alone takes cookies and alone is guarded against foreign sites; the REST API takes keys alone and may be
/// called under any host name. What proxies ask does not come here: see [`crate::front`].
pub fn router(state: &AppState) -> Router {
    let console = console::routes(state)
        .layer(axum::middleware::from_fn(limit_body))
        .layer(from_fn_with_state(state.clone(), guard_console));
    let api = api::routes().with_state(state.clone());
    let open = Router::new().route("/healthz", get(health)).with_state(state.clone());

    console
        .merge(open)
        .merge(docs(state))
        .merge(api)
        .layer(CatchPanicLayer::custom(panic_response))
        .layer(from_fn_with_state(state.clone(), edge))
}

/// The description of the API. Where nobody may read it, its addresses are like all that lead nowhere.
fn docs(state: &AppState) -> Router {
    if state.docs() == DocsReaders::Off {
        return Router::new();
    }
    let guarded = Router::new()
        .route("/openapi.json", get(api::openapi::answer))
        .route("/docs", get(reference::page))
        .layer(from_fn_with_state(state.clone(), guard_docs));
    guarded.route("/docs/style.css", get(reference::style))
}
