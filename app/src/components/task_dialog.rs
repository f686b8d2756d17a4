//! Parts of the dialogs that the URL of a page opens.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{
    field::{FieldErrors, Rule},
    problem::Code,
};

use super::problem::Refusal;
use crate::{
    error::ConsoleError,
    ui::{Button, Callout, Glyph, Tone},
};

/// Returns the callback that closes the dialog. It calls `forget`, which clears the answers of the server, and
/// navigates to `back`, the page without the dialog.
pub fn use_close(back: Signal<String>, forget: impl Fn() + Send + Sync + 'static) -> Callback<()> {
    let navigate = StoredValue::new(use_navigate());
    Callback::new(move |()| {
        forget();
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&back.get_untracked(), options));
    })
}

/// Shown above a form that changes something: why the change was refused. If someone else made a change first, a
/// button closes the dialog, because the page behind it shows that change.
#[component]
pub fn ChangeRefusal(
    error: Signal<Option<ConsoleError>>,
    /// The subject of the change, such as "this gateway".
    what: &'static str,
    close: Callback<()>,
) -> impl IntoView {
    let is_stale = |error: &ConsoleError| matches!(error.code(), Code::Conflict | Code::NotFound);
    let general =
        Signal::derive(move || error.get().filter(|error| error.0.fields.is_empty() && !is_stale(error)));
    let stale = move || error.with(|error| error.as_ref().is_some_and(is_stale));
    view! {
        <Refusal error=general/>
        {move || stale().then(|| view! {
            <Callout tone=Tone::Danger title=format!("Someone else has changed {what}") alert=true>
                "Nothing was changed. Look at the current version, then try again."
                <p class="key-reload">
                    <Button small=true icon=Glyph::Refresh on_press=close>"Show the current version"</Button>
                </p>
            </Callout>
        })}
    }
}

/// Checks the field `typed`: if the dialog `asks` for it, the person has to type the name `wanted` of the item that
/// will end.
pub fn check_typed_name(asks: bool, typed: &str, wanted: &str) -> FieldErrors {
    if asks && typed.trim() != wanted {
        FieldErrors::one("typed", Rule::ValueError, "Type the name exactly as shown above.")
    } else {
        FieldErrors::default()
    }
}

#[cfg(test)]
mod tests {
    use super::check_typed_name;

    #[test]
    fn the_name_has_to_be_typed_if_something_would_break() {
        assert!(check_typed_name(false, "", "ci").is_empty());
        assert!(check_typed_name(true, " ci ", "ci").is_empty());
        for typed in ["", "CI", "c"] {
            assert!(!check_typed_name(true, typed, "ci").is_empty());
        }
    }
}
