//! The log line of a request that went through the router.

use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, StatusCode};
use model::problem::Code;
use service::Service;
use tokio::time::timeout;

use super::ClientAddress;
use crate::api::http::auth::bearer;
use crate::refusals::{self, OF_REQUESTS, RefusedRequest, Turn};
use crate::request_id::RequestId;
use crate::traces;

/// How long to look for the id of a refused key in the database. The client waits for that long.
const KEY_FOUND_WITHIN: Duration = Duration::from_secs(1);

/// What is logged of the request itself. The route is the pattern that matched and never the actual path, because
/// clients put secrets into paths.
pub(super) struct LogLine {
    method: &'static str,
    route: Option<MatchedPath>,
    /// The header with the key. It is only read if the request is refused, and only the id of the key is logged.
    credential: HeaderMap,
}

/// What is logged of the answer.
pub(super) struct Answered<'a> {
    pub(super) status: StatusCode,
    /// The code of the error.
    pub(super) code: Option<Code>,
    pub(super) id: &'a RequestId,
    pub(super) client: ClientAddress,
    pub(super) duration: Duration,
}

impl LogLine {
    /// Returns `None` for probes, which come every few seconds for as long as the server runs.
    pub(super) fn of(request: &Request) -> Option<Self> {
        if ["/healthz", "/readyz"].contains(&request.uri().path()) {
            return None;
        }
        let method = match *request.method() {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            Method::OPTIONS => "OPTIONS",
            _ => "other",
        };
        let credential = request.headers().get_all(AUTHORIZATION).iter();
        Some(Self {
            method,
            route: request.extensions().get::<MatchedPath>().cloned(),
            credential: credential.map(|value| (AUTHORIZATION, value.clone())).collect(),
        })
    }

    pub(super) async fn write(&self, service: &Service, answered: Answered<'_>) {
        if !answered.status.is_client_error() && !answered.status.is_server_error() {
            self.write_success(&answered);
            return;
        }
        let reason = answered.code.map_or("other", Code::as_str);
        if let Some(turn) = refusals::turn(&OF_REQUESTS, reason) {
            self.write_refusal(service, turn, reason, &answered).await;
        }
    }

    fn write_success(&self, answered: &Answered<'_>) {
        tracing::info!(
            http.method = self.method,
            http.route = self.route(),
            http.status = answered.status.as_u16(),
            duration_us = micros(answered.duration),
            request.id = answered.id.as_str(),
            client.address = %answered.client.0,
            trace.id = traces::trace_id(),
            "answered"
        );
    }

    async fn write_refusal(&self, service: &Service, turn: Turn, reason: &str, answered: &Answered<'_>) {
        // If the server failed, most likely its database did, and would not find the key either.
        let secret = bearer(&self.credential).filter(|_| answered.status.is_client_error());
        let key = match secret {
            Some(secret) => timeout(KEY_FOUND_WITHIN, service.find_key(secret)).await.ok().flatten(),
            None => None,
        };
        turn.write(&RefusedRequest {
            method: Some(self.method),
            status: Some(answered.status.as_u16()),
            duration_us: Some(micros(answered.duration)),
            verdict: key.as_ref().map(|(_, code)| *code),
            key_id: key.as_ref().map(|(key_id, _)| key_id.as_str()),
            client: Some(answered.client.0),
            ..RefusedRequest::new(self.route(), reason, answered.id.as_str())
        });
    }

    fn route(&self) -> &str {
        self.route.as_ref().map_or("none", MatchedPath::as_str)
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
