//! From a request to its handler, in the order of checks that the contract fixes: route and method, credential, rate
//! limit, permission; then the handler reads body and query and asks the service.

use std::pin::Pin;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::header::ALLOW;
use http::{HeaderValue, Method};
use http_body_util::BodyExt;
use model::problem::Code;
use service::{Action, Authenticated, Caller, Error, Origin, Service};

use super::call::Call;
use super::failure::Failure;
use super::problem::{Refusal, refuse};
use super::{ROUTES, auth, path};
use crate::state::AppState;

/// An address of the API.
pub struct Route {
    /// The whole path; parameters in braces.
    pub path: &'static str,
    /// What can be done there.
    pub endpoints: &'static [Endpoint],
}

/// A method of a route.
pub struct Endpoint {
    /// The method's name.
    pub method: &'static str,
    /// What the caller must be permitted.
    pub action: Action,
    pub(super) handler: Handler,
}

pub(super) type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send>>;

/// Everything at and below `/v1`. The matcher sees paths as they were sent: an escaped slash parts no segments, nothing
/// collapses `.` and `..`, and an address with a slash at its end is another address.
pub fn routes() -> Router<AppState> {
    // What is not in the table is not found here, and never reaches the console.
    let elsewhere = ["/v1", "/v1/", "/v1/{*rest}"];
    let router = elsewhere.iter().fold(Router::new(), |router, path| router.route(path, any(not_found)));
    ROUTES.iter().fold(router, |router, route| {
        router.route(route.path, any(move |state, request| answer(route, state, request)))
    })
}

async fn not_found() -> Response {
    refuse(Code::NotFound, "There is nothing at this address.")
}

async fn answer(route: &'static Route, State(state): State<AppState>, request: Request) -> Response {
    let Some(endpoint) = route.endpoint(request.method()) else { return route.method_not_allowed() };
    let Some(parameters) = path::parameters(route.path, request.uri().path()) else {
        return not_found().await;
    };
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_default();
    let request_id = origin.request_id.clone();

    let (result, rate) = match auth::authenticate(state.service(), request.headers(), origin).await {
        Ok(Authenticated { caller, rate }) => {
            let service = state.service().clone();
            (handle(endpoint, service, caller, parameters, request).await, Some(rate))
        }
        Err(error) => {
            let rate = if let Error::RateLimited(rate) = &error { Some(*rate) } else { None };
            (Err(Failure::Service(error)), rate)
        }
    };
    let mut response =
        result.unwrap_or_else(|failure| Refusal(failure.into_problem(request_id.as_deref())).into_response());
    if let Some(rate) = rate {
        auth::add_rate_headers(response.headers_mut(), &rate);
    }
    response
}

/// Permission first: a caller who may not do this learns nothing by what is wrong with the rest of the request.
async fn handle(
    endpoint: &Endpoint,
    service: Service,
    caller: Caller,
    parameters: Vec<String>,
    request: Request,
) -> Result<Response, Failure> {
    service.permit(&caller, endpoint.action)?;
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Failure::Unreadable)?.to_bytes();
    let query = head.uri.query().unwrap_or_default().to_owned();
    (endpoint.handler)(Call { service, caller, parameters, query, headers: head.headers, body }).await
}

impl Route {
    /// What answers a method. A `HEAD` is a `GET` whose answer is not sent whole.
    fn endpoint(&self, method: &Method) -> Option<&'static Endpoint> {
        let wanted = if *method == Method::HEAD { "GET" } else { method.as_str() };
        self.endpoints.iter().find(|endpoint| endpoint.method == wanted)
    }

    fn method_not_allowed(&self) -> Response {
        let methods: Vec<_> = self.endpoints.iter().map(|endpoint| endpoint.method).collect();
        let mut response =
            refuse(Code::MethodNotAllowed, "This address has other methods; see the header Allow.");
        let mut allowed = methods.join(", ");
        if methods.contains(&"GET") {
            allowed.push_str(", HEAD");
        }
        if let Ok(allowed) = HeaderValue::from_str(&allowed) {
            response.headers_mut().insert(ALLOW, allowed);
        }
        response
    }
}
