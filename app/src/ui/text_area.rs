//! A text field with several lines.

use leptos::html::Textarea;
use leptos::prelude::*;

use crate::html::escaped;

use super::bind::{Binding, bind_text};
use super::field::{Field, described_by, invalid};

/// Grows with its text if the browser supports that.
#[component]
pub fn TextArea(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    /// The name in the submitted form. Defaults to the id.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(default = RwSignal::new(String::new()).into(), into)] value: Binding,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// An example. It does not replace the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// The number of lines that are shown while the field is empty.
    #[prop(default = 3)]
    rows: u32,
    /// Adds "optional" to the label.
    #[prop(optional)]
    optional: bool,
    /// Makes the browser refuse to submit the form while the field is empty.
    #[prop(optional)]
    required: bool,
    /// The maximum length, in UTF-16 units, as browsers count.
    #[prop(optional, into)]
    length_max: Option<u32>,
    #[prop(optional, into)] disabled: Signal<bool>,
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
