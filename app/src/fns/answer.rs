//! What a server function adds to its answer besides its value: status, cookie, the page to go to.

use http::{
    HeaderValue, StatusCode,
    header::{RETRY_AFTER, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use model::{Timestamp, problem::Problem};
use service::SignedIn;

use super::caller::COOKIE;

/// Gives the answer the problem's status. Not for a plain form: its answer has to stay the redirect back to the page.
pub(crate) fn set_status(problem: &Problem) {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if wants_html() {
        return;
    }
    if let Ok(status) = StatusCode::from_u16(problem.code.status()) {
        response.set_status(status);
    }
    if let Some(seconds) = problem.retry_after_seconds() {
        response.insert_header(RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// Whether a page or a plain form is answered, not a call from the running console.
pub(crate) fn wants_html() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepts = parts.headers.get_all(http::header::ACCEPT).iter();
        accepts.filter_map(|value| value.to_str().ok()).any(|value| value.contains("text/html"))
    })
}

/// Hands the session to the browser. A cookie that the request brought along is replaced, never adopted.
pub(crate) fn keep_session(session: &SignedIn, now: Timestamp) {
    let seconds = session.ends_at.seconds_since(now).max(0);
    set_cookie(session.token.reveal(), seconds);
}

/// Takes the session away from the browser.
pub(crate) fn forget_session() {
    set_cookie("", 0);
}

fn set_cookie(value: &str, seconds: i64) {
    let cookie = format!("{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::try_from(cookie)) {
        response.append_header(SET_COOKIE, cookie);
    }
}

/// Answers a request for a page with the way to another one. `path` must be one of this console's.
pub(crate) fn redirect_page(path: &str) {
    if let (Some(response), Ok(path)) = (use_context::<ResponseOptions>(), HeaderValue::try_from(path)) {
        response.set_status(StatusCode::FOUND);
        response.insert_header(http::header::LOCATION, path);
    }
}

/// Gives a page the status of what it reports.
pub(crate) fn set_page_status(code: model::problem::Code) {
    if let (Some(response), Ok(status)) =
        (use_context::<ResponseOptions>(), StatusCode::from_u16(code.status()))
    {
        response.set_status(status);
    }
}
