//! A field for a date and a time, with the browser's own picker.

use leptos::html::Input;
use leptos::prelude::*;

use super::bind::{Binding, bind_text};
use super::field::{Field, described_by, invalid};

/// The value has no time zone (`2026-11-22T08:30`). The page says in the hint which zone is meant.
#[component]
pub fn DateTimeField(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    /// The name in the submitted form. Defaults to the id.
    #[prop(optional, into)]
    name: Option<String>,
    /// The value, in the format above.
    #[prop(default = RwSignal::new(String::new()).into(), into)]
    value: Binding,
    /// The earliest moment that the picker offers, in the same format.
    #[prop(optional, into)]
    earliest: Signal<Option<String>>,
    /// The latest moment that the picker offers, in the same format.
    #[prop(optional, into)]
    latest: Signal<Option<String>>,
    /// The exact moment in words, with its time zone.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
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
