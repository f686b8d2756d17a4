//! A form inside a menu that filters the key list by something that is typed.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::components::keys::list_path::KeyListPath;
use crate::paths;
use crate::ui::{Glyph, MenuItem};

/// Fields and a button. Without WebAssembly, it is a plain form.
#[component]
pub fn FilterForm(
    path: Memo<KeyListPath>,
    /// The parameter that the fields replace; empty if they add one.
    changed: &'static str,
    /// The path of the filtered list, read when the form is sent. `None` if what was typed is not valid.
    wanted: Callback<(), Option<KeyListPath>>,
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(wanted) = wanted.run(()) {
            navigate(&wanted.to_path(), NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    };
    view! {
        <form class="key-filter-form" method="get" action=paths::KEYS on:submit=submit>
            <KeptByForm path changed/>
            {children()}
            <MenuItem submit=true icon=Glyph::Filter>"Filter"</MenuItem>
        </form>
    }
}

/// The other parameters of the list, as hidden fields of a form.
#[component]
pub fn KeptByForm(path: Memo<KeyListPath>, changed: &'static str) -> impl IntoView {
    move || {
        let pairs = path.with(|path| path.kept_by_form(changed)).into_iter();
        pairs.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()
    }
}
