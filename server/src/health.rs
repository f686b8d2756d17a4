//! `GET /healthz`: whether this server can serve.

use std::time::Duration;

use axum::{Json, extract::State, response::IntoResponse, response::Response};
use model::problem::Code;
use serde_json::json;
use tokio::time::timeout;

use crate::{api::problem::refuse, state::AppState};

/// A supervisor that asks does not wait long either.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers 200 when ready and 503 otherwise.
pub async fn health(State(state): State<AppState>) -> Response {
    if matches!(timeout(PATIENCE, state.service().ping()).await, Ok(Ok(()))) {
        Json(json!({ "status": "ok" })).into_response()
    } else {
        let message = "The database does not answer. Try again.";
        refuse(Code::Unavailable, message)
    }
}
