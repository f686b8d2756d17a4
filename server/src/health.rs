//! `GET /healthz` reports whether the server and its database answer, and `GET /readyz` whether requests should be sent
//! to this server.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use model::problem::Code;
use serde::Serialize;
use service::STOPPING;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::api::http::problem::refuse;
use crate::state::AppState;

/// How long to wait for the database. Supervisors do not wait long for this endpoint either.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The state of a server that is ready.
#[derive(Serialize, ToSchema)]
struct Health {
    /// Always `ok`.
    #[schema(examples("ok"))]
    status: &'static str,
    /// `full` while changes fail because the disk of the database is full. Otherwise it is left out. Verifications go
    /// on meanwhile, so the server stays ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("full"))]
    disk: Option<&'static str>,
}

impl Health {
    fn of(state: &AppState) -> Self {
        Self { status: "ok", disk: state.service().is_disk_full().then_some("full") }
    }
}

/// The part of the API description that this module contributes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(health, ready))]
pub(crate) struct Operations;

/// Answers 200 when ready and 503 otherwise.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "Server",
    operation_id = "get_health",
    summary = "Check the server",
    description = "Checks whether the server and its database answer, by a query to the database. No credential is needed.",
    security(()),
    responses((status = 200, description = "The server is ready.", body = Health))
)]
pub async fn health(State(state): State<AppState>) -> Response {
    if matches!(timeout(TIMEOUT, state.service().ping()).await, Ok(Ok(()))) {
        Json(Health::of(&state)).into_response()
    } else {
        let message = "The database does not respond. Try again.";
        refuse(Code::Unavailable, message)
    }
}

/// Answers 200 if this server can verify keys now, and 503 with the reason otherwise. It only reads memory, so it may
/// be asked by anybody and as often as they like.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "Server",
    operation_id = "get_readiness",
    summary = "Check whether to send requests",
    description = "Checks whether this server can verify keys now: it is not stopping, and it has read its database within \
                   the last second. The database is not asked again for this. If not, the message says which of the two \
                   it is. A full disk ends changes but not verifications, so the server is ready and says `disk`. No \
                   credential is needed.",
    security(()),
    responses((status = 200, description = "The server can verify keys.", body = Health))
)]
pub async fn ready(State(state): State<AppState>) -> Response {
    if state.is_stopping() {
        refuse(Code::Unavailable, STOPPING)
    } else if state.service().is_ready() {
        Json(Health::of(&state)).into_response()
    } else {
        refuse(
            Code::Unavailable,
            "The database was not reached within the last second. Try again in a moment.",
        )
    }
}
