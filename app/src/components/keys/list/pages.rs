//! The pagination of the key list.

use leptos::prelude::*;

use model::key::{KeyPage, Place};
use model::page::PageSize;

use crate::components::keys::count::keys_text;
use crate::components::keys::list_path::KeyListPath;
use crate::ui::Pagination;

/// Links to the first, previous, next and last page, the total, and the page sizes.
#[component]
pub fn KeyPages(
    /// The path of the list that is shown.
    shown: Memo<KeyListPath>,
    page: Signal<KeyPage>,
) -> impl IntoView {
    let link = move |to: fn(&KeyListPath, &KeyPage) -> Option<KeyListPath>| {
        Signal::derive(move || {
            shown.with(|shown| page.with(|page| to(shown, page).map(|path| path.to_path())))
        })
    };
    let sizes = Memo::new(move |_| {
        let link = |size: &u32| (*size, shown.with(|shown| shown.with_size(PageSize::new(*size)).to_path()));
        PageSize::OFFERED.iter().map(link).collect::<Vec<_>>()
    });
    view! {
        <Pagination
            total=Signal::derive(move || page.with(|page| keys_text(page.found)))
            first=link(|path, page| page.has_previous.then(|| path.first_page()))
            previous=link(KeyListPath::previous)
            next=link(KeyListPath::next)
            last=link(|path, page| page.has_next.then(|| path.at(Place::Last)))
            size=Signal::derive(move || shown.with(|shown| shown.query.size.get()))
            sizes
        />
    }
}
