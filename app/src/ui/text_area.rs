//! Several lines of text.

use leptos::{html::Textarea, prelude::*};

use crate::html::escaped;

use super::{
    bind::bind_text,
    field::{Field, described_by, invalid},
};

/// A labelled field of several lines that grows with its text where the browser can do it.
#[component]
pub fn TextArea(
    /// Its id, unique in the page.
    #[prop(into)]
    id: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// The name it is posted under; the id when absent.
    #[prop(optional, into)]
    name: Option<String>,
    /// What it holds.
    #[prop(default = RwSignal::new(String::new()))]
    value: RwSignal<String>,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// The broken rule.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An example, never the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Lines shown while empty.
    #[prop(default = 3)]
    rows: u32,
    /// Adds "optional" to the label.
    #[prop(optional)]
    optional: bool,
    /// The browser refuses to send the form without it.
    #[prop(optional)]
    required: bool,
    /// The most characters it takes.
    #[prop(optional, into)]
    length_max: Option<u32>,
    /// Cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<Textarea>::new();
    bind_text(node, value);
    view! {
        <Field id=id.clone() label hint error optional>
            <textarea
                node_ref=node
                class="input text-area"
                name=name.unwrap_or_else(|| id.clone())
                rows=rows
                placeholder=placeholder
                maxlength=length_max
                required=required
                disabled=disabled
                aria-describedby=described_by(&id)
                aria-invalid=move || invalid(error)
                on:input=move |event| value.set(event_target_value(&event))
                id=id
                inner_html=escaped(&value.get_untracked())
            ></textarea>
        </Field>
    }
}
