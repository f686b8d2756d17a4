//! The header of a page: its title, its purpose, its parent pages and its actions.

use leptos::prelude::*;

use super::glyph::Glyph;
use super::icon::Icon;

/// The title is the page's only `h1`.
#[component]
pub fn PageHeader(
    /// The name of the page, or of what it shows.
    #[prop(into)]
    title: Signal<String>,
    /// What the page is for, in one sentence.
    #[prop(optional, into)]
    sentence: Signal<Option<String>>,
    /// The names and addresses of the parent pages.
    #[prop(optional)]
    crumbs: Vec<(String, String)>,
    /// Shown beside the title, such as a status.
    #[prop(optional, into)]
    beside: ViewFnOnce,
    /// The actions, such as the primary button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            {(!crumbs.is_empty()).then(|| view! { <Crumbs crumbs/> })}
            <div class="page-header-row">
                <div class="page-header-words">
                    <div class="page-header-line">
                        <h1 class="page-title">{title}</h1>
                        {beside.run()}
                    </div>
                    <p class="page-sentence" hidden=move || sentence.with(Option::is_none)>
                        {move || sentence.get().unwrap_or_default()}
                    </p>
                </div>
                {children.map(|children| view! { <div class="page-header-actions">{children()}</div> })}
            </div>
        </header>
    }
}

#[component]
fn Crumbs(crumbs: Vec<(String, String)>) -> impl IntoView {
    let items = crumbs
        .into_iter()
        .map(|(name, href)| {
            view! { <li class="crumb"><a href=href>{name}</a><Icon glyph=Glyph::ChevronRight/></li> }
        })
        .collect_view();
    view! { <nav aria-label="Breadcrumb"><ol class="crumbs">{items}</ol></nav> }
}
