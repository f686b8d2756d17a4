//! `GET /healthz`: whether this server can serve.

use axum::{Json, extract::State, response::IntoResponse, response::Response};
use serde_json::json;

use model::problem::Code;

use crate::{api::problem::refuse, state::AppState};

/// Answers 200 when ready and 503 otherwise.
pub async fn health(State(state): State<AppState>) -> Response {
    if state.is_ready().await {
        Json(json!({ "status": "ok" })).into_response()
    } else {
        let message = "The database does not answer. Try again.";
        refuse(Code::Unavailable, message)
    }
}
