//! One line of text.

use leptos::{ev::FocusEvent, html::Input, prelude::*};

use super::{
    bind::bind_text,
    field::{Field, described_by, invalid},
};

/// A labelled line of text. Works in a plain form through `name`, and live through `value`.
#[component]
pub fn TextField(
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
    /// The native type: `text`, `email`, `url`, `number`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// The broken rule.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An example, never the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What a browser may fill in: `email`, `username`, `organization`; `off` when absent.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The browser refuses to send the form without it.
    #[prop(optional)]
    required: bool,
    /// Adds "optional" to the label.
    #[prop(optional)]
    optional: bool,
    /// Keeps the label for screen readers only.
    #[prop(optional)]
    label_hidden: bool,
    /// Shows it in the typeface of ids.
    #[prop(optional)]
    mono: bool,
    /// The most characters it takes.
    #[prop(optional, into)]
    length_max: Option<u32>,
    /// Cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Takes the focus when its page or dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Called when the field is left, the moment to start showing its error.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    bind_text(node, value);
    let leave = move |_: FocusEvent| {
        // A field is left also when its dialog closes around it; whoever wanted to know may be gone by then.
        if let Some(on_leave) = on_leave {
            on_leave.try_run(());
        }
    };
    view! {
        <Field id=id.clone() label hint error optional label_hidden>
            <input
                node_ref=node
                class="input"
                class:mono=mono
                type=kind
                name=name.unwrap_or_else(|| id.clone())
                value=value.get_untracked()
                placeholder=placeholder
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                maxlength=length_max
                required=required
                autofocus=autofocus
                disabled=disabled
                aria-describedby=described_by(&id)
                aria-invalid=move || invalid(error)
                on:input=move |event| value.set(event_target_value(&event))
                on:blur=leave
                id=id
            />
        </Field>
    }
}
