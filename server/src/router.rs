//! Assigns addresses to the parts of the server.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

use crate::config::DocsReaders;
use crate::health::{health, ready};
use crate::middleware::{edge, guard_console, guard_docs, limit_body, panic_response};
use crate::state::AppState;
use crate::traffic::{Traffic, measure};
use crate::{api, console, reference};

/// Routes the probes, the API description and its reference, the REST API, and the console with everything else.
///
/// Only the console accepts cookies, and only the console is protected against requests from other sites. The REST API
/// accepts only keys and may be called under any host name. The requests that proxies send to gateways are answered
/// before routing: see [`crate::fast_path`].
pub fn router(state: &AppState, traffic: &Arc<Traffic>) -> Router {
    let console = console::routes(state)
        .layer(axum::middleware::from_fn(limit_body))
        .layer(from_fn_with_state(state.clone(), guard_console));
    let api = api::routes().with_state(state.clone());
    let open =
        Router::new().route("/healthz", get(health)).route("/readyz", get(ready)).with_state(state.clone());

    console
        .merge(open)
        .merge(docs(state))
        .merge(api)
        .layer(CatchPanicLayer::custom(panic_response))
        .layer(from_fn_with_state(state.clone(), edge))
        .layer(from_fn_with_state(Arc::clone(traffic), measure))
}

/// Routes the API description. If nobody may read it, its addresses behave like unknown ones.
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
