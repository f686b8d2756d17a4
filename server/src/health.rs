//! `GET /healthz` reports whether this server can serve.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use model::problem::Code;
use serde::Serialize;
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
}

/// The part of the API description that this module contributes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(health))]
pub(crate) struct Operations;

/// Answers 200 when ready and 503 otherwise.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "Server",
    operation_id = "get_health",
    summary = "Check the server",
    description = "Checks whether the server is ready, by a query to its database. No credential is needed.",
    security(()),
    responses((status = 200, description = "The server is ready.", body = Health))
)]
pub async fn health(State(state): State<AppState>) -> Response {
    if matches!(timeout(TIMEOUT, state.service().ping()).await, Ok(Ok(()))) {
        Json(Health { status: "ok" }).into_response()
    } else {
        let message = "The database does not respond. Try again.";
        refuse(Code::Unavailable, message)
    }
}
