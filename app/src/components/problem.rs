//! Shows the errors that the server returns.

use leptos::prelude::*;
use model::problem::Code;

use crate::error::ConsoleError;
use crate::ui::{Callout, ErrorView, Tone};

/// Replaces the content of a page: says what happened and what to do next, and shows the request id. When the server
/// renders the page, its response gets the status of the problem.
#[component]
pub fn ProblemView(
    error: ConsoleError,
    /// Tries again. Offered only for a problem that may pass by itself.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::response::set_page_status(error.code());
    let title = title(error.code());
    let on_retry = on_retry.filter(|_| may_pass_later(error.code()));
    let request_id = error.0.request_id.clone();
    match (request_id, on_retry) {
        (Some(id), Some(retry)) => {
            view! { <ErrorView title sentence=error.0.message request_id=id on_retry=retry/> }.into_any()
        }
        (Some(id), None) => view! { <ErrorView title sentence=error.0.message request_id=id/> }.into_any(),
        (None, Some(retry)) => {
            view! { <ErrorView title sentence=error.0.message on_retry=retry/> }.into_any()
        }
        (None, None) => view! { <ErrorView title sentence=error.0.message/> }.into_any(),
    }
}

/// A simple [`ProblemView`] for the first pages that people see. It has no buttons, whose code would be larger than the
/// code of the page.
#[component]
pub fn PlainProblem(error: ConsoleError) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::response::set_page_status(error.code());
    view! { <Refusal error=Signal::stored(Some(error))/> }
}

/// Shown above a form: why the action was refused, and the request id if the server failed. Shows nothing if there is
/// no error.
#[component]
pub fn Refusal(#[prop(into)] error: Signal<Option<ConsoleError>>) -> impl IntoView {
    move || {
        let error = error.get()?;
        let sentence = sentence(&error);
        let id = error.0.request_id.filter(|_| error.0.code.status() >= 500);
        Some(view! {
            <Callout tone=Tone::Danger alert=true>
                {sentence} {id.map(|id| view! { " Request " <code class="mono">{id}</code> })}
            </Callout>
        })
    }
}

/// The messages of all field errors or, if there are none, the message of the problem.
pub fn sentence(error: &ConsoleError) -> String {
    let fields = &error.0.fields;
    if fields.is_empty() {
        return error.0.message.clone();
    }
    fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" ")
}

/// The error in an action's last answer, if any.
pub fn refused<T: Clone + Send + Sync + 'static>(
    value: impl Fn() -> Option<Result<T, ConsoleError>> + Send + Sync + 'static,
) -> Signal<Option<ConsoleError>> {
    Signal::derive(move || value().and_then(Result::err))
}

const fn title(code: Code) -> &'static str {
    match code {
        Code::NotFound => "Not found",
        Code::Forbidden | Code::Unauthorized => "Not allowed",
        Code::TooManyRequests => "Too many requests",
        Code::Unavailable => "Unavailable",
        Code::InsufficientStorage => "The disk is full",
        _ => "Something went wrong",
    }
}

const fn may_pass_later(code: Code) -> bool {
    matches!(code, Code::Internal | Code::Unavailable | Code::InsufficientStorage | Code::TooManyRequests)
}
