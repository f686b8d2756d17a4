//! The search above the key list.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::filter_form::KeptByForm;
use crate::components::keys::debounce::Debounce;
use crate::components::keys::list_path::KeyListPath;
use crate::components::search::shorten_secret;
use crate::paths;
use crate::query::SEARCH_LENGTH_MAX;
use crate::state::toasts::use_toasts;
use crate::ui::SearchBox;

/// The search. Without WebAssembly, it is a plain form. In a hydrated page, the list follows while the person types.
#[component]
pub fn SearchForm(path: Memo<KeyListPath>) -> impl IntoView {
    let navigate = use_navigate();
    let sent = StoredValue::new(path.with_untracked(|path| path.query.filter.search.clone()));
    let value = RwSignal::new(sent.get_value());
    let toasts = use_toasts();
    let pause = Debounce::new();
    let follow = move |text: String| {
        let text = shorten_secret(text, value, toasts);
        let wanted = path.get_untracked().with_search(&text);
        if wanted != path.get_untracked() {
            sent.set_value(text);
            let quietly = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&wanted.to_path(), quietly);
        }
    };
    let typed = {
        let follow = follow.clone();
        move |text: String| {
            let follow = follow.clone();
            pause.then(move || follow(text));
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        pause.forget();
        follow(value.get_untracked());
    };
    // The back and forward buttons and *Clear all* change the path without typing, so the field follows the path.
    Effect::new(move || {
        let search = path.with(|path| path.query.filter.search.clone());
        if search != sent.get_value() {
            sent.set_value(search.clone());
            value.set(search);
        }
    });
    view! {
        <form class="key-search" method="get" action=paths::KEYS role="search" on:submit=submit>
            <KeptByForm path changed="q"/>
            <SearchBox
                id="key-search"
                name="q"
                label="Search by name, prefix, id or owner"
                value
                on_type=typed
                length_max=u32::try_from(SEARCH_LENGTH_MAX).unwrap_or(u32::MAX)
            />
        </form>
    }
}
