//! The search above a list.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::key::KeyPrefix;
use model::leaked_secret::holds_secret;

use super::debounce::Debounce;
use crate::query::typed_search;
use crate::state::me::use_me;
use crate::state::toasts::{Toasts, use_toasts};
use crate::ui::Tone;

/// The text of a search field. After a pause in typing, the page's path follows the text. If the path changes for any
/// other reason, the text follows the path.
#[derive(Clone, Copy)]
pub struct LiveSearch {
    pub value: RwSignal<String>,
    pause: Debounce,
    go: Callback<()>,
}

impl LiveSearch {
    /// Starts with the search `in_path` of the path. `path_for` makes the path for another search.
    pub fn new(
        in_path: impl Fn() -> String + Send + Sync + 'static,
        path_for: impl Fn(String) -> String + Send + Sync + 'static,
    ) -> Self {
        let sent = StoredValue::new(untrack(&in_path));
        let value = RwSignal::new(sent.get_value());
        let navigate = StoredValue::new(use_navigate());
        let (toasts, me) = (use_toasts(), use_me());
        let go = Callback::new(move |()| {
            let search = me.with_untracked(|me| shorten_secret(value, &me.key_prefix, toasts));
            sent.set_value(search.clone());
            let quietly = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&path_for(search), quietly));
        });
        // Links such as *Show all* and the Back button change the path without typing. If the new path is the one that
        // the field itself asked for, the field keeps what was typed since.
        Effect::new(move || {
            let search = in_path();
            if search != sent.get_value() {
                sent.set_value(search.clone());
                value.set(search);
            }
        });
        Self { value, pause: Debounce::new(), go }
    }

    /// The callback for when the person has typed.
    pub fn typed(self) -> Callback<String> {
        Callback::new(move |_| self.pause.then(move || self.go.run(())))
    }

    /// Searches at once, without waiting for a pause in typing.
    pub fn submit(self) {
        self.pause.forget();
        self.go.run(());
    }
}

/// Returns the text to search for. If the person typed a whole secret, only its beginning stays in the field, and a
/// toast says why.
fn shorten_secret(field: RwSignal<String>, prefix: &KeyPrefix, toasts: Toasts) -> String {
    let typed = field.get_untracked();
    let search = typed_search(&typed, prefix);
    if !holds_secret(&typed) {
        return search;
    }
    field.set(search.clone());
    let warning = "You entered a whole secret. Only its beginning is used for the search, which is enough to find the key. If \
                anyone else may have seen the secret, rotate the key.";
    toasts.show(Tone::Warning, warning.to_owned(), None);
    search
}
