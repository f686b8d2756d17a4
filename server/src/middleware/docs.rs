//! Restricts who may read the description of the API.
//!
//! The description contains no data of any organization, but it tells an attacker what runs here and what to try. So by
//! default only authenticated clients may read it, and clients on this machine as long as the server has no public URL.

use app::InitialData;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::request::Parts;
use model::problem::{Code, Problem};
use service::RequestContext;

use super::client::is_local;
use crate::api::http::auth;
use crate::api::http::problem::Refusal;
use crate::config::DocsReaders;
use crate::reference;
use crate::state::AppState;

/// Lets the request through if the client may read the description. With `DocsReaders::Off`, the route does not exist
/// at all.
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
            reference::for_unauthenticated()
        }
        Some(problem) => Refusal(problem).into_response(),
        None => {
            let mut response = next.run(Request::from_parts(head, body)).await;
            if !is_open {
                // An answer to one reader must not be cached for the next one who uses the same browser or proxy.
                response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            }
            response
        }
    }
}

/// Returns why the client is refused, or `None` if it is authenticated. If there is an `Authorization` header, it alone
/// decides and the session is ignored.
async fn refusal(state: &AppState, head: &Parts) -> Option<Problem> {
    if head.headers.contains_key(AUTHORIZATION) {
        let context = head.extensions.get::<RequestContext>().cloned().unwrap_or_default();
        let request_id = context.request_id.clone();
        let known = auth::recognize(state.service(), &head.headers, context).await;
        return known.err().map(|error| error.to_problem(request_id.as_deref()));
    }
    match InitialData::of(state.service(), head).await {
        InitialData::Person(Ok(_)) => None,
        InitialData::Person(Err(error)) if error.code() != Code::Unauthorized => Some(error.0),
        _ => {
            let message = "Sign in to the console, or send a valid API key in the header Authorization, as Bearer <key>.";
            Some(Problem::new(Code::Unauthorized, message))
        }
    }
}
