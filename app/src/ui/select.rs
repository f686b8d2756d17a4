//! One of several values, in the platform's own list.

use leptos::{html::Select as SelectElement, prelude::*};

use super::{
    bind::bind_text,
    choice::Choice,
    field::{Field, described_by, invalid},
    glyph::Glyph,
    icon::Icon,
};

/// A labelled native select.
#[component]
pub fn Select(
    /// Its id, unique in the page.
    #[prop(into)]
    id: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// The name it is posted under; the id when absent.
    #[prop(optional, into)]
    name: Option<String>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The chosen value.
    #[prop(default = RwSignal::new(String::new()))]
    value: RwSignal<String>,
    /// What helps to choose.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// The broken rule.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Keeps the label for screen readers only.
    #[prop(optional)]
    label_hidden: bool,
    /// Cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called after a choice, with its value.
    #[prop(optional, into)]
    on_choose: Option<Callback<String>>,
) -> impl IntoView {
    let node = NodeRef::<SelectElement>::new();
    bind_text(node, value);
    let choose = move |event| {
        let chosen = event_target_value(&event);
        value.set(chosen.clone());
        if let Some(on_choose) = on_choose {
            on_choose.run(chosen);
        }
    };
    view! {
        <Field id=id.clone() label hint error label_hidden>
            <div class="select">
                <select
                    node_ref=node
                    class="input"
                    name=name.unwrap_or_else(|| id.clone())
                    disabled=disabled
                    aria-describedby=described_by(&id)
                    aria-invalid=move || invalid(error)
                    on:change=choose
                    id=id
                >
                    {move || choices.get().into_iter().map(|choice| option(choice, value)).collect_view()}
                </select>
                <Icon glyph=Glyph::ChevronDown/>
            </div>
        </Field>
    }
}

fn option(choice: Choice, value: RwSignal<String>) -> impl IntoView {
    let Choice { value: own, label, hint: _, refused } = choice;
    let selected = value.with_untracked(|value| *value == own);
    view! {
        <option value=own selected=selected disabled=refused.is_some() title=refused>{label}</option>
    }
}
