//! From a request to its handler, in the order of checks that the contract fixes: route and method, credential, rate
//! limit, permission; then the handler reads body and query and asks the service.

use std::pin::Pin;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::header::ALLOW;
use http::{HeaderName, HeaderValue, Method};
use model::problem::Code;
use service::{Action, Authenticated, Caller, Error, Origin, RateState, Service};

use super::call::{Call, CheckCall, OperatorCall};
use super::failure::Failure;
use super::problem::{Refusal, refuse};
use super::{ROUTES, auth, envelope, path};
use crate::middleware::read_body;
use crate::state::AppState;

/// Names the organization to act in, for credentials that span several. A key has one.
const X_ORG_ID: HeaderName = HeaderName::from_static("x-org-id");

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
    pub(super) door: Door,
}

/// Who may come in, and what answers them.
pub(super) enum Door {
    /// A key that is permitted the action.
    Key(Action, fn(Call) -> Answer),
    /// A key that may verify keys. Its own rate limit does not hold there.
    Checker(fn(CheckCall) -> Answer),
    /// The operator, where there is one.
    Operator(fn(OperatorCall) -> Answer),
}

impl Door {
    /// Whether whoever comes in is held to the rate limit of their key.
    pub(super) fn is_limited(&self) -> bool {
        matches!(self, Self::Key(..))
    }

    /// Whether the operator alone comes in here.
    pub(super) fn is_operators(&self) -> bool {
        matches!(self, Self::Operator(_))
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send>>;

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
    if route.is_operators() && !state.service().has_operator() {
        return not_found().await;
    }
    let Some(endpoint) = route.endpoint(request.method()) else { return route.method_not_allowed() };
    let Some(parameters) = path::parameters(route.path, request.uri().path()) else {
        return not_found().await;
    };
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_default();
    let request_id = origin.request_id.clone();

    let service = state.service().clone();
    let request = Incoming { service, asked: (endpoint.method, route.path), parameters, origin, request };
    let (result, rate) = match endpoint.door {
        Door::Key(action, handler) => answer_key(action, handler, request).await,
        Door::Checker(handler) => (answer_checker(handler, request).await, None),
        Door::Operator(handler) => (answer_operator(handler, request).await, None),
    };
    let mut response =
        result.unwrap_or_else(|failure| Refusal(failure.into_problem(request_id.as_deref())).into_response());
    if let Some(rate) = rate {
        auth::add_rate_headers(response.headers_mut(), &rate);
    }
    response
}

/// A request on its way to a handler.
struct Incoming {
    service: Service,
    /// Method and pattern of the endpoint.
    asked: (&'static str, &'static str),
    parameters: Vec<String>,
    origin: Origin,
    request: Request,
}

async fn answer_key(
    action: Action,
    handler: fn(Call) -> Answer,
    incoming: Incoming,
) -> (Result<Response, Failure>, Option<RateState>) {
    let Incoming { service, asked, parameters, origin, request } = incoming;
    match auth::authenticate(&service, request.headers(), origin).await {
        Ok(Authenticated { caller, rate }) => {
            let counted = service.open_request(&caller, asked.0, asked.1);
            let result = match permit(&service, &caller, action, &request) {
                // Permission first: a caller who may not do this learns nothing by what is wrong with the rest.
                Err(error) => Err(error.into()),
                Ok(()) => handle(handler, service, caller, asked, parameters, request).await,
            };
            if let Some(counted) = counted {
                counted.answered(!matches!(&result, Ok(response) if response.status().is_success()));
            }
            (result, Some(rate))
        }
        Err(error) => {
            let rate = if let Error::RateLimited(rate) = &error { Some(*rate) } else { None };
            (Err(Failure::Service(error)), rate)
        }
    }
}

/// Whether the caller may do this, in the organization that they name where they can.
fn permit(service: &Service, caller: &Caller, action: Action, request: &Request) -> Result<(), Error> {
    if envelope::covers(request.uri().path()) {
        for organization in request.headers().get_all(X_ORG_ID) {
            service.permit_in(caller, organization.to_str().unwrap_or_default())?;
        }
    }
    service.permit(caller, action)
}

async fn handle(
    handler: fn(Call) -> Answer,
    service: Service,
    caller: Caller,
    asked: (&'static str, &'static str),
    parameters: Vec<String>,
    request: Request,
) -> Result<Response, Failure> {
    let (head, body) = read_body(request).await.map_err(Failure::Unread)?;
    let query = head.uri.query().unwrap_or_default().to_owned();
    handler(Call { service, caller, asked, parameters, query, headers: head.headers, body }).await
}

async fn answer_checker(handler: fn(CheckCall) -> Answer, incoming: Incoming) -> Result<Response, Failure> {
    let Incoming { service, asked: _, parameters: _, origin, request } = incoming;
    auth::authenticate_checker(&service, request.headers()).await?;
    let (head, body) = read_body(request).await.map_err(Failure::Unread)?;
    // Once more, because the body may have come slowly. Changes are judged again in their own transaction.
    let checker = auth::authenticate_checker(&service, &head.headers).await?;
    let call = CheckCall { service, checker, request_id: origin.request_id, headers: head.headers, body };
    handler(call).await
}

async fn answer_operator(
    handler: fn(OperatorCall) -> Answer,
    incoming: Incoming,
) -> Result<Response, Failure> {
    let Incoming { service, asked: _, parameters, origin, request } = incoming;
    let operator = auth::authenticate_operator(&service, request.headers(), origin)?;
    let (head, body) = read_body(request).await.map_err(Failure::Unread)?;
    handler(OperatorCall { service, operator, parameters, headers: head.headers, body }).await
}

impl Route {
    /// What answers a method. A `HEAD` is a `GET` whose answer is not sent whole.
    fn endpoint(&self, method: &Method) -> Option<&'static Endpoint> {
        let wanted = if *method == Method::HEAD { "GET" } else { method.as_str() };
        self.endpoints.iter().find(|endpoint| endpoint.method == wanted)
    }

    /// Whether the operator alone can do anything here.
    fn is_operators(&self) -> bool {
        self.endpoints.iter().all(|endpoint| endpoint.door.is_operators())
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
