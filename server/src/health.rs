//! `GET /healthz` reports whether this server can serve.

use std::time::Duration;

use axum::{Json, extract::State, response::IntoResponse, response::Response};
use model::problem::Code;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::{api::http::problem::refuse, state::AppState};

/// How long to wait for the database. Supervisors do not wait long for this endpoint either.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is told when ready.
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
    description = "Tells whether the server can serve, by asking its database. Takes no credential.",
    security(()),
    responses((status = 200, description = "The server is ready.", body = Health))
)]
pub async fn health(State(state): State<AppState>) -> Response {
    if matches!(timeout(PATIENCE, state.service().ping()).await, Ok(Ok(()))) {
        Json(Health { status: "ok" }).into_response()
    } else {
        let message = "The database does not answer. Try again.";
        refuse(Code::Unavailable, message)
    }
}
