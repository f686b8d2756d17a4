//! What a page says when the server refused or failed.

use leptos::prelude::*;
use model::problem::Code;

use crate::{
    error::ConsoleError,
    ui::{Callout, ErrorView, Tone},
};

/// Stands where a page's content would be: what happened, what to do next, the request's id. A page rendered by the
/// server gets the problem's status.
#[component]
pub fn ProblemView(
    /// What the server said.
    error: ConsoleError,
    /// Tries again.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::answer::set_page_status(error.code());
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

/// What [`ProblemView`] says, for the first pages that anybody sees: without buttons, which weigh more than the page.
#[component]
pub fn PlainProblem(
    /// What the server said.
    error: ConsoleError,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::answer::set_page_status(error.code());
    view! { <Refusal error=Signal::stored(Some(error))/> }
}

/// Stands above a form: why the action was refused. Says nothing while there is no reason, and leaves broken rules that
/// have their place beside a field to that place.
#[component]
pub fn Refusal(
    /// Why.
    #[prop(into)]
    error: Signal<Option<ConsoleError>>,
) -> impl IntoView {
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

/// The sentence for a refusal as a whole.
pub fn sentence(error: &ConsoleError) -> String {
    let fields = &error.0.fields;
    if fields.is_empty() {
        return error.0.message.clone();
    }
    fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" ")
}

/// The error of an action's last answer.
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
        Code::Unavailable => "Not available now",
        _ => "This did not work",
    }
}

const fn may_pass_later(code: Code) -> bool {
    matches!(code, Code::Internal | Code::Unavailable | Code::TooManyRequests)
}
