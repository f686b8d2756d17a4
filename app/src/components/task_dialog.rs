//! The one dialog of a page, whose content follows the address.

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

/// Closes the dialog: leads to the page without one, after `forget`ting what was answered in it.
pub fn use_close(back: Signal<String>, forget: impl Fn() + Send + Sync + 'static) -> Callback<()> {
    let navigate = StoredValue::new(use_navigate());
    Callback::new(move |()| {
        forget();
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&back.get_untracked(), options));
    })
}

/// Stands above a form that changes something: why the change was refused or, when somebody else was faster, the way to
/// what they did, which the page behind the dialog shows.
#[component]
pub fn ChangeRefusal(
    /// Why.
    error: Signal<Option<ConsoleError>>,
    /// What was to be changed: "this gateway".
    what: &'static str,
    /// Closes the dialog.
    close: Callback<()>,
) -> impl IntoView {
    let is_stale = |error: &ConsoleError| matches!(error.code(), Code::Conflict | Code::NotFound);
    let general =
        Signal::derive(move || error.get().filter(|error| error.0.fields.is_empty() && !is_stale(error)));
    let stale = move || error.with(|error| error.as_ref().is_some_and(is_stale));
    view! {
        <Refusal error=general/>
        {move || stale().then(|| view! {
            <Callout tone=Tone::Danger title=format!("Somebody else changed {what} meanwhile") alert=true>
                "Nothing was done. Look at what it is now, then decide again."
                <p class="key-again">
                    <Button small=true icon=Glyph::Refresh on_press=close>"Look again"</Button>
                </p>
            </Callout>
        })}
    }
}

/// The rule that the name of what will end is typed in the field `typed`, where it has to be.
pub fn untyped(asks: bool, typed: &str, wanted: &str) -> FieldErrors {
    if asks && typed.trim() != wanted {
        FieldErrors::one("typed", Rule::ValueError, "Type the name exactly as it is written above.")
    } else {
        FieldErrors::default()
    }
}

#[cfg(test)]
mod tests {
    use super::untyped;

    #[test]
    fn the_name_is_typed_where_something_would_break() {
        assert!(untyped(false, "", "ci").is_empty());
        assert!(untyped(true, " ci ", "ci").is_empty());
        for typed in ["", "CI", "c"] {
            assert!(!untyped(true, typed, "ci").is_empty());
        }
    }
}
