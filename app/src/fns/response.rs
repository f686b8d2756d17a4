//! What a server function adds to its response besides its value: status, cookie and redirect.

use http::header::{RETRY_AFTER, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use model::Timestamp;
use model::problem::Problem;
use service::SignedIn;

use super::caller::COOKIE;

/// Gives the response the status of the problem. The response to a plain form is left as it is, because it has to stay
/// the redirect back to the page.
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

/// Whether the request asks for a page or comes from a plain form, and is not a call from the hydrated console.
pub(crate) fn wants_html() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepts = parts.headers.get_all(http::header::ACCEPT).iter();
        accepts.filter_map(|value| value.to_str().ok()).any(|value| value.contains("text/html"))
    })
}

/// Sends the session cookie to the browser. It always replaces the session cookie of the request, which prevents
/// session fixation.
pub(crate) fn keep_session(session: &SignedIn, now: Timestamp) {
    let seconds = session.ends_at.seconds_since(now).max(0);
    set_cookie(session.token.reveal(), seconds);
}

/// Removes the session cookie from the browser.
pub(crate) fn forget_session() {
    set_cookie("", 0);
}

fn set_cookie(value: &str, seconds: i64) {
    let cookie = format!("{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::try_from(cookie)) {
        response.append_header(SET_COOKIE, cookie);
    }
}

/// Answers a plain form with a redirect to a page of this console. The hydrated console gets no redirect: when the
/// answer arrives, the person may already be elsewhere, and only the page knows whether to follow.
pub(crate) fn redirect_plain_form(path: &str) {
    if wants_html() {
        leptos_axum::redirect(path);
    }
}

/// Answers the request for a page with a redirect. `path` must be a path of this console.
pub(crate) fn redirect_page(path: &str) {
    if let (Some(response), Ok(path)) = (use_context::<ResponseOptions>(), HeaderValue::try_from(path)) {
        response.set_status(StatusCode::FOUND);
        response.insert_header(http::header::LOCATION, path);
    }
}

/// Gives a page the status of the problem that it shows.
pub(crate) fn set_page_status(code: model::problem::Code) {
    if let (Some(response), Ok(status)) =
        (use_context::<ResponseOptions>(), StatusCode::from_u16(code.status()))
    {
        response.set_status(status);
    }
}
