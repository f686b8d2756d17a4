//! Serves the console: its pages, its server functions, its live requests and its files.

use std::sync::OnceLock;

use app::failures::FAILED;
use app::fns::keys::ServerUrl;
use app::{App, InitialData, shell};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY};
use http::{HeaderValue, Method, StatusCode, Uri};
use http_body_util::BodyExt;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list_with_exclusions_and_ssg_and_context,
    render_app_async_with_context,
};
use model::key::KeyPrefix;
use model::problem::Code;
use service::STOPPING;
use tokio::sync::Semaphore;

use crate::api::http::problem::refuse;
use crate::assets::{self, Assets};
use crate::live;
use crate::request_id::RequestId;
use crate::state::AppState;

/// Routes all pages, server functions and live requests of the console. Every other address is a file, or a page that
/// does not exist.
pub fn routes(state: &AppState) -> Router {
    // Built here instead of read from a file, because the binary needs no files besides itself.
    let options = LeptosOptions::builder().output_name("keystead").build();
    let assets = state.assets().clone();
    // Embedded files never change. Files in a folder change during development.
    let fixed = matches!(assets, Assets::Embedded(_)).then(|| assets.console_files());
    let document = move || shell(fixed.clone().unwrap_or_else(|| assets.console_files()));
    let page = render_app_async_with_context(provide(state), document.clone());
    let fallback = move |State(state): State<AppState>, request: Request| async move {
        match file(&state, &request) {
            Some(response) => response,
            None if matches!(*request.method(), Method::GET | Method::HEAD) => page(request).await,
            None => not_found(),
        }
    };
    Router::new()
        .leptos_routes_with_context(&options, routes_of_app(state), provide(state), document)
        .route_layer(from_fn_with_state(state.clone(), collect_initial_data))
        .with_state(options)
        .merge(live::routes().with_state(state.clone()))
        .fallback_service(axum::handler::Handler::with_state(fallback, state.clone()))
        .method_not_allowed_fallback(async || {
            let message = "This address does not support the method.";
            refuse(Code::MethodNotAllowed, message)
        })
}

/// The routes of the app, found once per process. While the framework looks for routes, it blocks the loading of page
/// data on every thread, so a page that is rendered at that moment would never finish.
fn routes_of_app(state: &AppState) -> Vec<AxumRouteListing> {
    static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    let find = || generate_route_list_with_exclusions_and_ssg_and_context(App, None, provide(state)).0;
    ROUTES.get_or_init(find).clone()
}

/// Collects the initial data of a page before the page is rendered. Server functions authenticate the caller
/// themselves.
async fn collect_initial_data(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    if let Some(clean) = clean_address(request.uri(), &state.service().settings().key_prefix) {
        return (StatusCode::FOUND, [(LOCATION, clean)]).into_response();
    }
    let (mut parts, body) = request.into_parts();
    let data = InitialData::of(state.service(), &parts).await;
    parts.extensions.insert(data);
    run_to_completion(next, Request::from_parts(parts, body)).await
}

/// Removes from the address of a page what must neither be rendered nor stay in the address: secrets of keys in the
/// query, for example in a search, and error texts that are not ours. Returns `None` if there is nothing to remove.
fn clean_address(uri: &Uri, prefix: &KeyPrefix) -> Option<String> {
    let query = uri.query()?;
    let without_secrets = app::query::without_secrets(query, prefix);
    let known = app::form_errors::with_known_errors(without_secrets.as_deref().unwrap_or(query));
    let query = known.or(without_secrets)?;
    Some(if query.is_empty() { uri.path().to_owned() } else { format!("{}?{query}", uri.path()) })
}

/// Maximum number of pages rendered at once. A page mostly waits for the database, which has fewer connections.
const PAGES_AT_ONCE: usize = 64;

/// Renders a page to its end, even if the client disconnects meanwhile. The tasks that load the page's data run
/// independently of the client, and the page must exist until they end. The rendering holds the permit, so a client
/// that disconnects early does not make room for another page.
async fn run_to_completion(next: Next, request: Request) -> Response {
    static RENDERING_PERMITS: Semaphore = Semaphore::const_new(PAGES_AT_ONCE);
    let turn = RENDERING_PERMITS.acquire().await;
    let rendered = async move {
        let (parts, body) = next.run(request).await.into_parts();
        let page = body.collect().await.map(|body| Response::from_parts(parts, Body::from(body.to_bytes())));
        drop(turn);
        page
    };
    let page = match RequestId::current() {
        Some(id) => tokio::spawn(id.scope(rendered)),
        None => tokio::spawn(rendered),
    };
    match page.await {
        Ok(Ok(page)) => page,
        Ok(Err(_)) => refuse(Code::Internal, FAILED),
        Err(end) => match end.try_into_panic() {
            // Resumed here, so that it reaches the layer that catches all panics of handlers.
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => refuse(Code::Unavailable, STOPPING),
        },
    }
}

/// Provides the values that pages and server functions take from their context.
fn provide(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let service = state.service().clone();
    let url = ServerUrl(state.console_origins().first().map(ToString::to_string).unwrap_or_default());
    move || {
        provide_context(service.clone());
        provide_context(url.clone());
        set_content_policy();
    }
}

/// Makes the browser run only the console's own files and the inline scripts of this page, which carry its nonce.
fn set_content_policy() {
    let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else { return };
    let reload = if cfg!(feature = "embed") { "" } else { " ws:" };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'{reload}; object-src 'none'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
    // Not `no-referrer`, because the answer to a form posted without WebAssembly redirects to the referrer.
    response.insert_header(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
}

fn file(state: &AppState, request: &Request<Body>) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let file = state.assets().find(request.uri().path())?;
    Some(assets::answer(&file, request.headers()))
}

fn not_found() -> Response {
    refuse(Code::NotFound, "There is nothing at this address.")
}
