//! What the server refused, where it concerns no single field.

use leptos::prelude::*;

use model::problem::{Code, Problem};

use super::desk::{KeyDesk, use_desk};
use super::values::fields_of;
use crate::error::ConsoleError;
use crate::ui::{Button, Callout, Glyph, Tone};

/// What a dialog about a key says when the key is another one by now.
const CHANGED: &str = "Somebody else changed this key meanwhile";

/// A refusal in a dialog: what to do next, and the request's id. Nothing when the fields say it already.
#[component]
pub fn ProblemNote(
    /// What the server refused.
    refused: Signal<Option<ConsoleError>>,
) -> impl IntoView {
    let desk = use_desk();
    move || {
        let problem = refused.get().map(|error| error.0)?;
        fields_of(&problem).is_empty().then(|| note(desk, problem))
    }
}

/// Says in a word what became of a key that is no longer what the person saw.
pub fn changed_meanwhile(code: Code) -> Option<(&'static str, &'static str)> {
    match code {
        Code::Conflict => Some((CHANGED, "Nothing was done. Look at what it is now, then decide again.")),
        Code::NotFound => Some((
            "This key has ended meanwhile",
            "Somebody revoked it, or it has expired. Nothing was done.",
        )),
        _ => None,
    }
}

fn note(desk: KeyDesk, problem: Problem) -> impl IntoView {
    let Problem { code, message, request_id, .. } = problem;
    let is_about_a_key = desk.open.with_untracked(Option::is_some);
    let changed = changed_meanwhile(code).filter(|_| is_about_a_key);
    let next = match (changed, code) {
        (Some((_, next)), _) => next,
        (None, Code::Unauthorized) => "You are signed out. Sign in again in another tab, then repeat.",
        (None, _) => "",
    };
    let title = changed.map_or(message, |(title, _)| title.to_owned());
    view! {
        <Callout tone=Tone::Danger title=title alert=true>
            {next}
            {changed.is_some().then(|| view! {
                <p class="key-again">
                    <Button small=true icon=Glyph::Refresh on_press=move |()| desk.look_again()>"Look again"</Button>
                </p>
            })}
            {request_id.map(|id| view! { <span class="key-request">"Request " <code class="mono">{id}</code></span> })}
        </Callout>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_became_of_the_key_asks_to_look_again() {
        for code in [Code::Conflict, Code::NotFound] {
            assert!(changed_meanwhile(code).is_some());
        }
        for code in [Code::Forbidden, Code::Validation, Code::Internal, Code::AlreadyExists] {
            assert_eq!(changed_meanwhile(code), None);
        }
    }
}
