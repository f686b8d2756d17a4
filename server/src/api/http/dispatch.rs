//! Passes a request to its handler. The order of the checks is part of the API contract: route and method, credential,
//! rate limit, permission. After them, the handler reads the query and the body and calls the service.

use std::pin::Pin;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::header::{ALLOW, AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use model::problem::Code;
use service::{
    Action, Authenticated, Caller, Error, RateState, RequestContext, Service, Surface, Unverified,
};
use zeroize::Zeroizing;

use super::body::read_body;
use super::call::{Call, CheckCall, OperatorCall};
use super::failure::Failure;
use super::problem::{Refusal, refuse};
use super::{auth, client_secret, envelope, path};
use crate::state::AppState;

/// Names the organization to act in, for clients whose credentials can belong to several. A key belongs to exactly one.
const X_ORG_ID: HeaderName = HeaderName::from_static("x-org-id");

/// A path of the API, with its methods.
pub struct Route {
    /// The whole path, with parameters in braces.
    pub path: &'static str,
    pub endpoints: &'static [Endpoint],
}

/// A method of a route.
pub struct Endpoint {
    pub method: &'static str,
    pub(in crate::api) auth: AuthRequirement,
}

/// The credential that an endpoint requires, and the handler.
pub(in crate::api) enum AuthRequirement {
    /// A key that is permitted to perform the action.
    Key(Action, fn(Call) -> Answer),
    /// A key that may verify other keys. Its own rate limit does not apply.
    Checker(KeyPlace, fn(CheckCall) -> Answer),
    /// The operator. If the server has no operator token, the endpoint does not exist.
    Operator(fn(OperatorCall) -> Answer),
}

/// Where an endpoint accepts the key of its caller.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum KeyPlace {
    /// As a bearer token.
    Bearer,
    /// As a bearer token, or as the secret of an OAuth 2.0 client.
    OauthClient,
}

impl AuthRequirement {
    /// Whether requests count against the rate limit of the caller's key.
    pub(in crate::api) fn is_limited(&self) -> bool {
        matches!(self, Self::Key(..))
    }

    /// Whether the key may be the secret of an OAuth 2.0 client.
    pub(in crate::api) fn accepts_oauth_clients(&self) -> bool {
        matches!(self, Self::Checker(KeyPlace::OauthClient, _))
    }

    /// The header `WWW-Authenticate` of a refusal, if it is not `Bearer`. It names the scheme that the client used.
    fn challenge(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let is_basic = self.accepts_oauth_clients() && client_secret::is_basic(headers);
        is_basic.then(|| HeaderValue::from_static("Basic realm=\"Keystead\""))
    }

    /// Whether only the operator may use the endpoint.
    pub(in crate::api) fn is_operators(&self) -> bool {
        matches!(self, Self::Operator(_))
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send>>;

/// The routes of `/v1` and everything below it. Paths are matched as they were sent: an escaped slash does not separate
/// segments, `.` and `..` are not resolved, and a trailing slash makes a different path.
pub(in crate::api) fn router(table: &'static [Route]) -> Router<AppState> {
    // A path that is not in the table is a 404 of the API. It never reaches the console.
    let elsewhere = ["/v1", "/v1/", "/v1/{*rest}"];
    let router = elsewhere.iter().fold(Router::new(), |router, path| router.route(path, any(not_found)));
    table.iter().fold(router, |router, route| {
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
    let context = request.extensions().get::<RequestContext>().cloned().unwrap_or_default();
    let request_id = context.request_id.clone();
    let challenge = endpoint.auth.challenge(request.headers());

    let service = state.service().clone();
    let request = Incoming { service, asked: (endpoint.method, route.path), parameters, context, request };
    let (result, rate) = match endpoint.auth {
        AuthRequirement::Key(action, handler) => answer_key(action, handler, request).await,
        AuthRequirement::Checker(place, handler) => (answer_checker(place, handler, request).await, None),
        AuthRequirement::Operator(handler) => (answer_operator(handler, request).await, None),
    };
    let mut response =
        result.unwrap_or_else(|failure| Refusal(failure.into_problem(request_id.as_deref())).into_response());
    if let Some(rate) = rate {
        auth::add_rate_headers(response.headers_mut(), &rate);
    }
    if let Some(challenge) = challenge.filter(|_| response.status() == StatusCode::UNAUTHORIZED) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// A request that matched an endpoint and has not been authenticated yet.
struct Incoming {
    service: Service,
    /// The method and the path pattern of the endpoint.
    asked: (&'static str, &'static str),
    parameters: Vec<String>,
    context: RequestContext,
    request: Request,
}

async fn answer_key(
    action: Action,
    handler: fn(Call) -> Answer,
    incoming: Incoming,
) -> (Result<Response, Failure>, Option<RateState>) {
    let Incoming { service, asked, parameters, context, request } = incoming;
    match auth::authenticate(&service, request.headers(), context).await {
        Ok(Authenticated { caller, rate }) => {
            let counted = service.open_request(&caller, asked.0, asked.1);
            let result = match permit(&service, &caller, action, &request) {
                // The permission comes first: without it, the caller does not learn what else is wrong with the
                // request.
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

/// Checks that the caller may perform the action. Where responses have an envelope, it also checks that an organization
/// named in `X-Org-ID` is the caller's own.
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
    let (head, body) = read_body(request).await.map_err(Failure::BodyError)?;
    let query = head.uri.query().unwrap_or_default().to_owned();
    handler(Call { service, caller, asked, parameters, query, headers: head.headers, body }).await
}

/// Answers a request to verify keys, and counts it if the database did not allow that.
async fn answer_checker(
    place: KeyPlace,
    handler: fn(CheckCall) -> Answer,
    incoming: Incoming,
) -> Result<Response, Failure> {
    let (service, surface) = (incoming.service.clone(), surface_of(incoming.asked.1));
    let answer = answer_counted_checker(place, handler, incoming).await;
    if matches!(answer, Err(Failure::Service(Error::Store(_)))) {
        service.counts().verifications.unverified(surface, Unverified::Failed);
    }
    answer
}

fn surface_of(path: &str) -> Surface {
    match path {
        "/v1/keys/verify" => Surface::Verify,
        "/v1/keys/verify/batch" => Surface::Batch,
        _ => Surface::Introspect,
    }
}

async fn answer_counted_checker(
    place: KeyPlace,
    handler: fn(CheckCall) -> Answer,
    incoming: Incoming,
) -> Result<Response, Failure> {
    let Incoming { service, asked: (_, route), parameters: _, context, request } = incoming;
    let is_in_form = place == KeyPlace::OauthClient && !request.headers().contains_key(AUTHORIZATION);
    let in_header = match place {
        KeyPlace::Bearer => auth::bearer(request.headers()).map(|key| Zeroizing::new(key.to_owned())),
        KeyPlace::OauthClient => client_secret::in_header(request.headers()),
    };
    if !is_in_form {
        auth::authenticate_checker(&service, in_header.as_ref()).await?;
    }
    let (head, body) = read_body(request).await.map_err(Failure::BodyError)?;
    // Authenticate once more, because the body may have arrived slowly. Endpoints that change data check the caller
    // again in their own transaction instead.
    let key = if is_in_form { client_secret::in_form(&head.headers, &body) } else { in_header };
    let checker = auth::authenticate_checker(&service, key.as_ref()).await?;
    let call = CheckCall { service, checker, context, route, headers: head.headers, body };
    handler(call).await
}

async fn answer_operator(
    handler: fn(OperatorCall) -> Answer,
    incoming: Incoming,
) -> Result<Response, Failure> {
    let Incoming { service, asked: _, parameters, context, request } = incoming;
    let operator = auth::authenticate_operator(&service, request.headers(), context)?;
    let (head, body) = read_body(request).await.map_err(Failure::BodyError)?;
    handler(OperatorCall { service, operator, parameters, headers: head.headers, body }).await
}

impl Route {
    /// The endpoint of a method. `HEAD` is answered like `GET`; the body of the response is not sent.
    fn endpoint(&self, method: &Method) -> Option<&'static Endpoint> {
        let wanted = if *method == Method::HEAD { "GET" } else { method.as_str() };
        self.endpoints.iter().find(|endpoint| endpoint.method == wanted)
    }

    /// Whether every endpoint of this route is for the operator only.
    fn is_operators(&self) -> bool {
        self.endpoints.iter().all(|endpoint| endpoint.auth.is_operators())
    }

    fn method_not_allowed(&self) -> Response {
        let methods: Vec<_> = self.endpoints.iter().map(|endpoint| endpoint.method).collect();
        let mut response = refuse(
            Code::MethodNotAllowed,
            "This address does not support the method. The header Allow lists the methods \
                                            that it supports.",
        );
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
