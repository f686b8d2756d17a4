//! The pagination of the key list.

use leptos::prelude::*;

use model::key::{KeyPage, Place};
use model::page::PageSize;

use crate::components::keys::count::keys_text;
use crate::components::keys::list_url::KeyListUrl;
use crate::ui::Pagination;

/// Links to the first, previous, next and last page, the total, and the page sizes.
#[component]
pub fn KeyPages(url: KeyListUrl, page: KeyPage) -> impl IntoView {
    let href = |url: Option<KeyListUrl>| Signal::stored(url.map(|url| url.href()));
    let sizes: Vec<_> =
        PageSize::OFFERED.iter().map(|size| (*size, url.with_size(PageSize::new(*size)).href())).collect();
    view! {
        <Pagination
            total=keys_text(page.found)
            first=href(page.has_previous.then(|| url.first_page()))
            previous=href(url.previous(&page))
            next=href(url.next(&page))
            last=href(page.has_next.then(|| url.at(Place::Last)))
            size=url.query.size.get()
            sizes=Signal::stored(sizes)
        />
    }
}
