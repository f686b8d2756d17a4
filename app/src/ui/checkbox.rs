//! A labelled checkbox, as part of a form.

use leptos::html::Input;
use leptos::prelude::*;

use super::bind::{Binding, bind_checked};

#[component]
pub fn Checkbox(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    /// The name in the submitted form. Defaults to the id.
    #[prop(optional, into)]
    name: Option<String>,
    /// The value that is submitted if the box is checked.
    #[prop(default = "true".to_owned(), into)]
    value: String,
    #[prop(default = RwSignal::new(false).into(), into)] checked: Binding<bool>,
    /// Shown below the label.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Shows the label only to screen readers, as in a table.
    #[prop(optional)]
    label_hidden: bool,
    /// Called with the new state after a change.
    #[prop(optional, into)]
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    bind_checked(node, checked);
    let hint_id = format!("{id}-hint");
    let change = move |event| {
        checked.set(event_target_checked(&event));
        if let Some(on_change) = on_change {
            on_change.run(checked.get_untracked());
        }
    };
    view! {
        <div class="check">
            <input
                node_ref=node
                class="check-box"
                type="checkbox"
                name=name.unwrap_or_else(|| id.clone())
                value=value
                checked=checked.get_untracked()
                disabled=disabled
                aria-describedby=hint_id.clone()
                on:change=change
                id=id.clone()
            />
            <label class="check-label" class:visually-hidden=label_hidden for=id>{label}</label>
            <p class="check-hint" id=hint_id hidden=move || hint.with(Option::is_none)>
                {move || hint.get().unwrap_or_default()}
            </p>
        </div>
    }
}
