//! The links to the other pages of a list.

use leptos::prelude::*;

use super::button::ButtonKind;
use super::glyph::Glyph;
use super::icon::Icon;
use super::menu::{Menu, MenuLink};

/// Links to the first, previous, next and last page, the total, and the page size. A link without an address is shown
/// as not available.
#[component]
pub fn Pagination(
    /// The total in words, such as "1,240 keys" or "1,000+ keys".
    #[prop(into)]
    total: Signal<String>,
    /// The address of the first page.
    #[prop(into)]
    first: Signal<Option<String>>,
    /// The address of the previous page.
    #[prop(into)]
    previous: Signal<Option<String>>,
    /// The address of the next page.
    #[prop(into)]
    next: Signal<Option<String>>,
    /// The address of the last page.
    #[prop(into)]
    last: Signal<Option<String>>,
    /// The number of rows on a page.
    #[prop(into)]
    size: Signal<u32>,
    /// The page sizes on offer, each with the address that selects it.
    #[prop(into)]
    sizes: Signal<Vec<(u32, String)>>,
    /// The id of the menu of page sizes, unique in the page.
    #[prop(default = "page-size".to_owned(), into)]
    id: String,
) -> impl IntoView {
    view! {
        <nav class="pagination" aria-label="Pages">
            <p class="pagination-total">{total}</p>
            <div class="pagination-size">
                <Menu id label=Signal::derive(move || format!("{} per page", size.get())) kind=ButtonKind::Quiet small=true>
                    {move || sizes.get().into_iter().map(|(count, href)| size_link(count, href, size)).collect_view()}
                </Menu>
            </div>
            <ul class="pagination-links">
                <PageLink label="First page" glyph=Glyph::ChevronsLeft href=first/>
                <PageLink label="Previous page" glyph=Glyph::ChevronLeft href=previous/>
                <PageLink label="Next page" glyph=Glyph::ChevronRight href=next/>
                <PageLink label="Last page" glyph=Glyph::ChevronsRight href=last/>
            </ul>
        </nav>
    }
}

fn size_link(count: u32, href: String, size: Signal<u32>) -> impl IntoView {
    let current = Signal::derive(move || size.get() == count);
    view! { <MenuLink href current>{format!("{count} per page")}</MenuLink> }
}

/// Without an address, the `a` has no `href`. It then keeps its place but is no link, which is how HTML expresses a
/// link that is not available.
#[component]
fn PageLink(label: &'static str, glyph: Glyph, href: Signal<Option<String>>) -> impl IntoView {
    view! {
        <li>
            <a
                class="page-link"
                role="link"
                href=move || href.get()
                aria-label=label
                title=label
                aria-disabled=move || href.with(Option::is_none).then_some("true")
            >
                <Icon glyph/>
            </a>
        </li>
    }
}
