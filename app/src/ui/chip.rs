//! A filter that is in force and can be taken away.

use leptos::prelude::*;

use super::{glyph::Glyph, icon::Icon};

/// A filter chip: what is filtered, its value, and a link to the same list without it.
#[component]
pub fn Chip(
    /// What is filtered, such as "Status".
    #[prop(into)]
    name: String,
    /// To what, such as "Active".
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

/// A row of chips, and a link that takes all of them away.
#[component]
pub fn Chips(
    /// The address of the list without any filter.
    #[prop(optional, into)]
    clear_href: Option<String>,
    /// The chips.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="chips" role="group" aria-label="Filters in force">
            {children()}
            {clear_href.map(|href| view! { <a class="chips-clear" href=href>"Clear all"</a> })}
        </div>
    }
}
