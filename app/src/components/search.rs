//! Removes secrets from search fields.

use leptos::prelude::*;
use model::leaked_secret::holds_secret;

use crate::{query::search_of, state::toasts::Toasts, ui::Tone};

/// Returns the text to search for. If the person typed a whole secret, only its beginning stays in the field, and a
/// toast says why.
pub fn shorten_secret(typed: String, field: RwSignal<String>, toasts: Toasts) -> String {
    let search = search_of(&typed);
    if !holds_secret(&typed) {
        return search;
    }
    field.set(search.clone());
    let warning = "You entered a whole secret. Only its beginning is used for the search, which is enough to find the key. If \
                anyone else may have seen the secret, rotate the key.";
    toasts.show(Tone::Warning, warning.to_owned(), None);
    search
}
