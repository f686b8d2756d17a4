//! A choice of one from a few values, all of them visible with a sentence each.

use leptos::html::Input;
use leptos::prelude::*;

use super::bind::Binding;
use super::choice::Choice;
use super::field::FieldNotes;

#[component]
pub fn RadioGroup(
    /// The id of the group. The buttons have the ids `{id}-0`, `{id}-1` and so on.
    #[prop(into)]
    id: String,
    #[prop(into)] legend: String,
    /// The name in the submitted form. Defaults to the id.
    #[prop(optional, into)]
    name: Option<String>,
    choices: Vec<Choice>,
    #[prop(default = RwSignal::new(String::new()).into(), into)] value: Binding,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let name = name.unwrap_or_else(|| id.clone());
    let buttons = numbered(choices)
        .map(|(index, choice)| view! { <Radio id=format!("{id}-{index}") name=name.clone() choice value/> })
        .collect_view();
    view! {
        <fieldset class="field radio-group" id=id.clone() aria-describedby=super::field::described_by(&id)>
            <legend class="field-label">{legend}</legend>
            <div class="radio-list">{buttons}</div>
            <FieldNotes id=id.clone() hint error/>
        </fieldset>
    }
}

pub(super) fn numbered(choices: Vec<Choice>) -> impl Iterator<Item = (usize, Choice)> {
    choices.into_iter().enumerate()
}

#[component]
fn Radio(id: String, name: String, choice: Choice, value: Binding) -> impl IntoView {
    let Choice { value: own, label, hint, refused } = choice;
    let hint = refused.clone().or(hint);
    let hint_id = hint.is_some().then(|| format!("{id}-hint"));
    view! {
        <div class="check">
            <RadioInput id=id.clone() name own value disabled=refused.is_some() described_by=hint_id.clone()/>
            <label class="check-label" for=id>{label}</label>
            {hint.map(|hint| view! { <p class="check-hint" id=hint_id>{hint}</p> })}
        </div>
    }
}

/// The native radio button, bound to the value of its group.
#[component]
pub(super) fn RadioInput(
    id: String,
    name: String,
    own: String,
    value: Binding,
    disabled: bool,
    described_by: Option<String>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    let first = value.get_untracked();
    let mine = StoredValue::new(own.clone());
    Effect::new(move |adopted: Option<bool>| {
        let Some(element) = node.get() else { return false };
        let chosen = value.get();
        let wanted = mine.with_value(|mine| *mine == chosen);
        if adopted == Some(true) {
            element.set_checked(wanted);
        } else if element.checked() && !wanted && value.get_untracked() == first {
            // This button was chosen before WebAssembly arrived. The effect of the button that is no longer chosen does
            // nothing until this one has set the value.
            mine.with_value(|mine| value.set(mine.clone()));
        }
        true
    });
    view! {
        <input
            node_ref=node
            class="check-box check-radio"
            type="radio"
            name=name
            value=own.clone()
            checked=value.get_untracked() == own
            disabled=disabled
            aria-describedby=described_by
            on:change=move |_| value.set(mine.get_value())
            id=id
        />
    }
}
