//! Yes or no, as part of a form.

use leptos::{html::Input, prelude::*};

use super::bind::bind_checked;

/// A labelled checkbox.
#[component]
pub fn Checkbox(
    /// Its id, unique in the page.
    #[prop(into)]
    id: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// The name it is posted under; the id when absent.
    #[prop(optional, into)]
    name: Option<String>,
    /// What is posted when checked.
    #[prop(default = "true".to_owned(), into)]
    value: String,
    /// Whether it is checked.
    #[prop(default = RwSignal::new(false))]
    checked: RwSignal<bool>,
    /// A sentence below the label.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// Cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Keeps the label for screen readers only, as in a table.
    #[prop(optional)]
    label_hidden: bool,
    /// Called after a change, with the new state.
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
