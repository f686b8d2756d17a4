//! A text field with one line.

use leptos::ev::FocusEvent;
use leptos::html::Input;
use leptos::prelude::*;

use super::bind::{Binding, bind_text};
use super::field::{Field, described_by, invalid};

/// A plain form submits the text under `name`. The running console reads and sets it through `value`.
#[component]
pub fn TextField(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    /// The name in the submitted form. Defaults to the id.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(default = RwSignal::new(String::new()).into(), into)] value: Binding,
    /// The native type: `text`, `email`, `url` or `number`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// An example. It does not replace the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Values that the browser offers while the person types. Others can be typed as well.
    #[prop(optional)]
    suggestions: &'static [&'static str],
    /// What the browser may fill in, such as `email`, `username` or `organization`.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Makes the browser refuse to submit the form while the field is empty.
    #[prop(optional)]
    required: bool,
    /// Adds "optional" to the label.
    #[prop(optional)]
    optional: bool,
    /// Shows the label only to screen readers.
    #[prop(optional)]
    label_hidden: bool,
    /// Shows the text in the monospaced font that is used for ids.
    #[prop(optional)]
    mono: bool,
    /// The maximum length, in UTF-16 units, as browsers count.
    #[prop(optional, into)]
    length_max: Option<u32>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Takes the focus when its page or dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Called when the field loses the focus. From then on its error should be shown.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    bind_text(node, value);
    let leave = move |_: FocusEvent| {
        // A field also loses the focus when the dialog around it closes. The callback may be disposed of by then.
        if let Some(on_leave) = on_leave {
            on_leave.try_run(());
        }
    };
    let list = (!suggestions.is_empty()).then(|| format!("{id}-list"));
    let offered = list.clone().map(|list| {
        let options = suggestions.iter().map(|value| view! { <option value=*value></option> }).collect_view();
        view! { <datalist id=list>{options}</datalist> }
    });
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
                list=list
                required=required
                autofocus=autofocus
                disabled=disabled
                aria-describedby=described_by(&id)
                aria-invalid=move || invalid(error)
                on:input=move |event| value.set(event_target_value(&event))
                on:blur=leave
                id=id
            />
            {offered}
        </Field>
    }
}
