//! A date and a time, in the platform's own picker.

use leptos::{html::Input, prelude::*};

use super::{
    bind::bind_text,
    field::{Field, described_by, invalid},
};

/// A labelled date and time without a zone (`2026-11-22T08:30`): the page says in the hint which zone is meant.
#[component]
pub fn DateTimeField(
    /// Its id, unique in the page.
    #[prop(into)]
    id: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// The name it is posted under; the id when absent.
    #[prop(optional, into)]
    name: Option<String>,
    /// What it holds, in the form above.
    #[prop(default = RwSignal::new(String::new()))]
    value: RwSignal<String>,
    /// The earliest moment the picker offers, in the same form.
    #[prop(optional, into)]
    earliest: Signal<Option<String>>,
    /// The latest moment the picker offers, in the same form.
    #[prop(optional, into)]
    latest: Signal<Option<String>>,
    /// The exact moment in words, with its zone.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// The broken rule.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    bind_text(node, value);
    view! {
        <Field id=id.clone() label hint error>
            <input
                node_ref=node
                class="input date-time"
                type="datetime-local"
                name=name.unwrap_or_else(|| id.clone())
                value=value.get_untracked()
                min=earliest
                max=latest
                disabled=disabled
                aria-describedby=described_by(&id)
                aria-invalid=move || invalid(error)
                on:input=move |event| value.set(event_target_value(&event))
                id=id
            />
        </Field>
    }
}
