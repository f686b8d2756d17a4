//! The search above the key list.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::filter_form::KeptByForm;
use crate::components::keys::list_path::KeyListPath;
use crate::components::list_page::LiveSearch;
use crate::paths;
use crate::query::SEARCH_LENGTH_MAX;
use crate::ui::SearchBox;

/// The search. Without WebAssembly, it is a plain form. In a hydrated page, the list follows while the person types.
#[component]
pub fn SearchForm(path: Memo<KeyListPath>) -> impl IntoView {
    let search = LiveSearch::new(
        move || path.with(|path| path.query.filter.search.clone()),
        move |text| path.with_untracked(|path| path.with_search(&text).to_path()),
    );
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        search.submit();
    };
    view! {
        <form class="key-search" method="get" action=paths::KEYS role="search" on:submit=submit>
            <KeptByForm path changed="q"/>
            <SearchBox
                id="key-search"
                name="q"
                label="Search by name, prefix, id or owner"
                value=search.value
                on_type=search.typed()
                length_max=u32::try_from(SEARCH_LENGTH_MAX).unwrap_or(u32::MAX)
            />
        </form>
    }
}
