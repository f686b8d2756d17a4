//! Shows an error of the server that does not belong to a field.

use leptos::prelude::*;

use model::problem::{Code, Problem};

use super::errors::fields_of;
use crate::components::keys::key_page_state::{KeyPageState, use_key_page};
use crate::error::ConsoleError;
use crate::ui::{Button, Callout, Glyph, Tone};

/// The title of the note if the key has changed since the person saw it.
const CHANGED: &str = "Someone else has changed this key";

/// Shows the error in a dialog, with what to do next and the request id. Shows nothing if the error belongs to fields,
/// which show it themselves.
#[component]
pub fn ProblemNote(refused: Signal<Option<ConsoleError>>) -> impl IntoView {
    let key_page = use_key_page();
    move || {
        let problem = refused.get().map(|error| error.0)?;
        fields_of(&problem).is_empty().then(|| problem_callout(key_page, problem))
    }
}

/// The title and the explanation if the key is no longer as the person saw it, because it was changed or has ended.
pub fn changed_meanwhile(code: Code) -> Option<(&'static str, &'static str)> {
    match code {
        Code::Conflict => {
            Some((CHANGED, "Nothing was changed. Look at the current version, then try again."))
        }
        Code::NotFound => {
            Some(("This key no longer works", "Someone revoked it, or it has expired. Nothing was changed."))
        }
        _ => None,
    }
}

fn problem_callout(key_page: KeyPageState, problem: Problem) -> impl IntoView {
    let Problem { code, message, request_id, .. } = problem;
    let is_about_a_key = key_page.open.with_untracked(Option::is_some);
    let changed = changed_meanwhile(code).filter(|_| is_about_a_key);
    let next = match (changed, code) {
        (Some((_, next)), _) => next,
        (None, Code::Unauthorized) => "You are signed out. Sign in again in another tab, then try again.",
        (None, _) => "",
    };
    let title = changed.map_or(message, |(title, _)| title.to_owned());
    view! {
        <Callout tone=Tone::Danger title=title alert=true>
            {next}
            {changed.is_some().then(|| view! {
                <p class="key-reload">
                    <Button small=true icon=Glyph::Refresh on_press=move |()| key_page.reload()>
                        "Show the current version"
                    </Button>
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
    fn only_a_key_that_was_changed_or_has_ended_has_to_be_loaded_again() {
        for code in [Code::Conflict, Code::NotFound] {
            assert!(changed_meanwhile(code).is_some());
        }
        for code in [Code::Forbidden, Code::Validation, Code::Internal, Code::AlreadyExists] {
            assert_eq!(changed_meanwhile(code), None);
        }
    }
}
