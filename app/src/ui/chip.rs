//! An active filter, with a link that removes it.

use leptos::prelude::*;

use super::glyph::Glyph;
use super::icon::Icon;

#[component]
pub fn Chip(
    /// What is filtered, such as "Status".
    #[prop(into)]
    name: String,
    /// The value of the filter, such as "Active".
    #[prop(into)]
    value: String,
    /// The address of the list without this filter.
    #[prop(into)]
    remove_href: String,
) -> impl IntoView {
    let remove = format!("Remove the filter {name}: {value}");
    view! {
        <span class="chip">
            <span class="chip-name">{name}</span>
            <span class="chip-value">{value}</span>
            <a class="chip-remove" href=remove_href aria-label=remove><Icon glyph=Glyph::Cross/></a>
        </span>
    }
}

/// A row of chips, and a link that removes all filters.
#[component]
pub fn Chips(
    /// The address of the list without any filter.
    #[prop(optional, into)]
    clear_href: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="chips" role="group" aria-label="Active filters">
            {children()}
            {clear_href.map(|href| view! { <a class="chips-clear" href=href>"Clear all"</a> })}
        </div>
    }
}
