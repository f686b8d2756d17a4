//! What the server refused, where it concerns no single field.

use leptos::prelude::*;

use model::problem::{Code, Problem};

use super::values::fields_of;
use crate::error::ConsoleError;
use crate::ui::{Callout, Tone};

/// A refusal in a dialog: what to do next, and the request's id. Nothing when the fields say it already.
#[component]
pub fn ProblemNote(
    /// What the server refused.
    refused: Signal<Option<ConsoleError>>,
) -> impl IntoView {
    move || {
        let problem = refused.get().map(|error| error.0)?;
        fields_of(&problem).is_empty().then(|| note(problem))
    }
}

fn note(problem: Problem) -> impl IntoView {
    let next = match problem.code {
        Code::Conflict => {
            "Somebody else changed this key meanwhile. Close this, look at it again, and repeat."
        }
        Code::Unauthorized => "You are signed out. Sign in again in another tab, then repeat.",
        _ => "",
    };
    let Problem { message, request_id, .. } = problem;
    view! {
        <Callout tone=Tone::Danger title=message alert=true>
            {next}
            {request_id.map(|id| view! { <span class="key-request">"Request " <code class="mono">{id}</code></span> })}
        </Callout>
    }
}
