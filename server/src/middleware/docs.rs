//! Who may read the description of the API.
//!
//! It holds nothing of any organization, yet tells a stranger what runs here and what to try. So by default it is for those
//! whom the server knows, and for this machine itself while the server is for nobody else.

use app::Arrival;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::{HeaderValue, request::Parts};
use model::problem::{Code, Problem};
use service::Origin;

use super::client::is_local;
use crate::{
    api::{self, problem::Refusal},
    config::DocsReaders,
    reference,
    state::AppState,
};

/// Lets those through who may read it. Where nobody may, there is no route at all.
pub async fn guard_docs(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let is_open = match state.docs() {
        DocsReaders::Open => true,
        DocsReaders::Local => is_local(&head.extensions, &head.headers, state.trusted_proxies()),
        DocsReaders::SignedIn | DocsReaders::Off => false,
    };
    let refusal = if is_open { None } else { refusal(&state, &head).await };
    match refusal {
        Some(problem) if problem.code == Code::Unauthorized && head.uri.path() == "/docs" => {
            reference::for_strangers()
        }
        Some(problem) => Refusal(problem).into_response(),
        None => {
            let mut response = next.run(Request::from_parts(head, body)).await;
            if !is_open {
                // What was shown to one reader is not for the next one at the same browser or proxy.
                response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            }
            response
        }
    }
}

/// Why somebody whom the server may not know is refused. A credential counts before a session, and alone.
async fn refusal(state: &AppState, head: &Parts) -> Option<Problem> {
    if head.headers.contains_key(AUTHORIZATION) {
        let origin = head.extensions.get::<Origin>().cloned().unwrap_or_default();
        let request_id = origin.request_id.clone();
        let known = api::recognize(state.service(), &head.headers, origin).await;
        return known.err().map(|error| error.to_problem(request_id.as_deref()));
    }
    match Arrival::of(state.service(), head).await {
        Arrival::Person(Ok(_)) => None,
        Arrival::Person(Err(error)) if error.code() != Code::Unauthorized => Some(error.0),
        _ => {
            let message = "Sign in to the console, or send a valid API key in the header Authorization, as Bearer <key>.";
            Some(Problem::new(Code::Unauthorized, message))
        }
    }
}
