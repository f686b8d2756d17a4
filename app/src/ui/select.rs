//! A choice of one from several values, with the browser's own list.

use leptos::html::Select as SelectElement;
use leptos::prelude::*;

use super::bind::{Binding, bind_text};
use super::choice::Choice;
use super::field::{Field, described_by, invalid};
use super::glyph::Glyph;
use super::icon::Icon;

#[component]
pub fn Select(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    /// The name in the submitted form. Defaults to the id.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(default = RwSignal::new(String::new()).into(), into)] value: Binding,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// Shows the label only to screen readers.
    #[prop(optional)]
    label_hidden: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Called with the value after a choice.
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

fn option(choice: Choice, value: Binding) -> impl IntoView {
    let Choice { value: own, label, hint: _, refused } = choice;
    let selected = value.get_untracked() == own;
    view! {
        <option value=own selected=selected disabled=refused.is_some() title=refused>{label}</option>
    }
}
