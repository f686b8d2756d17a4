//! The way through the pages of the key list.

use leptos::prelude::*;

use model::key::{KeyPage, Place};
use model::page::PageSize;

use super::count::keys_text;
use super::url::KeyListUrl;
use crate::ui::Pagination;

/// First, previous, next, last, the total and the page size.
#[component]
pub fn KeyPages(
    /// The address.
    url: KeyListUrl,
    /// The page shown.
    page: KeyPage,
) -> impl IntoView {
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
