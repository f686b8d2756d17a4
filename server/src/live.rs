//! Answers the live requests of the console: small figures that its pages ask for again and again.
//!
//! Like a server function, each of them finds the caller by the session cookie, and reports an error as the JSON of a
//! [`Problem`]. Unlike server functions, they only read, so they accept only `GET`.

use app::caller_of;
use app::paths::{LIVE_GATEWAYS, LIVE_KEYS};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use axum::{Json, Router};
use http::header::{ALLOW, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use model::problem::{Code, Problem};
use serde::Serialize;
use service::{KeyRef, RequestContext, read_gateway_id};

use crate::api::http::problem::refuse;
use crate::state::AppState;

/// The paths of all live requests, with the names of their parameters in braces.
pub fn paths() -> [String; 3] {
    table().map(|(path, _)| path)
}

pub(crate) fn routes() -> Router<AppState> {
    let router =
        table().into_iter().fold(Router::new(), |router, (path, handler)| router.route(&path, handler));
    router.route_layer(from_fn(only_get))
}

fn table() -> [(String, MethodRouter<AppState>); 3] {
    [
        (format!("{LIVE_GATEWAYS}/{{gateway_id}}"), any(gateway_activity)),
        (LIVE_KEYS.to_owned(), any(latest_use)),
        (format!("{LIVE_KEYS}/{{key_id}}"), any(last_use)),
    ]
}

/// Refuses all other methods, also `HEAD`, which the router would answer like `GET`.
async fn only_get(request: Request, next: Next) -> Response {
    if *request.method() == Method::GET {
        return next.run(request).await;
    }
    let mut refused = refuse(Code::MethodNotAllowed, "This address does not support the method.");
    refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    refused
}

/// A parameter of the path, unless it cannot be decoded.
type Parameter = Result<Path<String>, PathRejection>;

/// The activity of a gateway.
async fn gateway_activity(State(state): State<AppState>, head: Parts, id: Parameter) -> Response {
    let found = async {
        let caller = caller_of(state.service(), &head).await?;
        state.service().gateway_activity(&caller, &read_gateway_id(&text_of(id))?).await
    };
    answer(&head, found.await)
}

/// The latest use of any working key that the caller may see.
async fn latest_use(State(state): State<AppState>, head: Parts) -> Response {
    let found = async {
        let caller = caller_of(state.service(), &head).await?;
        state.service().latest_use(&caller).await
    };
    answer(&head, found.await)
}

/// The last use of a key.
async fn last_use(State(state): State<AppState>, head: Parts, id: Parameter) -> Response {
    let found = async {
        let caller = caller_of(state.service(), &head).await?;
        let details = state.service().get_key(&caller, &KeyRef::by_id(&text_of(id))?).await?;
        Ok(details.key.last_use)
    };
    answer(&head, found.await)
}

/// The text of a parameter. A parameter that cannot be decoded becomes an empty text, which is no id.
fn text_of(parameter: Parameter) -> String {
    parameter.map(|Path(text)| text).unwrap_or_default()
}

fn answer<T: Serialize>(head: &Parts, found: service::Result<T>) -> Response {
    match found {
        Ok(figure) => Json(figure).into_response(),
        Err(error) => {
            let context = head.extensions.get::<RequestContext>();
            report(&error.to_problem(context.and_then(|context| context.request_id.as_deref())))
        }
    }
}

fn report(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(problem)).into_response();
    if let Some(seconds) = problem.retry_after_seconds() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
