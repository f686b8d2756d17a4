//! The pagination of the key list.

use leptos::prelude::*;

use model::key::{KeyPage, Place};
use model::page::PageSize;

use crate::components::keys::count::keys_text;
use crate::components::keys::list_path::KeyListPath;
use crate::ui::Pagination;

/// Links to the first, previous, next and last page, the total, and the page sizes.
#[component]
pub fn KeyPages(path: KeyListPath, page: KeyPage) -> impl IntoView {
    let href = |path: Option<KeyListPath>| Signal::stored(path.map(|path| path.to_path()));
    let sizes: Vec<_> = PageSize::OFFERED
        .iter()
        .map(|size| (*size, path.with_size(PageSize::new(*size)).to_path()))
        .collect();
    view! {
        <Pagination
            total=keys_text(page.found)
            first=href(page.has_previous.then(|| path.first_page()))
            previous=href(path.previous(&page))
            next=href(path.next(&page))
            last=href(page.has_next.then(|| path.at(Place::Last)))
            size=path.query.size.get()
            sizes=Signal::stored(sizes)
        />
    }
}
