//! A choice of one from two to five short values, side by side.

use leptos::prelude::*;

use super::bind::Binding;
use super::choice::Choice;
use super::field::FieldNotes;
use super::radio_group::{RadioInput, numbered};

/// A radio group that looks like one bar of segments.
#[component]
pub fn Segmented(
    /// The id of the group. The segments have the ids `{id}-0`, `{id}-1` and so on.
    #[prop(into)]
    id: String,
    #[prop(into)] legend: String,
    /// Shows the legend only to screen readers.
    #[prop(optional)]
    legend_hidden: bool,
    /// The name in the submitted form. Defaults to the id.
    #[prop(optional, into)]
    name: Option<String>,
    /// Their hints are not shown.
    choices: Vec<Choice>,
    #[prop(default = RwSignal::new(String::new()).into(), into)] value: Binding,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let name = name.unwrap_or_else(|| id.clone());
    let segments = numbered(choices)
        .map(|(index, choice)| view! { <Segment id=format!("{id}-{index}") name=name.clone() choice value/> })
        .collect_view();
    view! {
        <fieldset class="field segmented" id=id.clone() aria-describedby=super::field::described_by(&id)>
            <legend class="field-label" class:visually-hidden=legend_hidden>{legend}</legend>
            <div class="segmented-bar">{segments}</div>
            <FieldNotes id=id.clone() hint error/>
        </fieldset>
    }
}

#[component]
fn Segment(id: String, name: String, choice: Choice, value: Binding) -> impl IntoView {
    let Choice { value: own, label, hint: _, refused } = choice;
    view! {
        <div class="segment" title=refused.clone()>
            <RadioInput id=id.clone() name own value disabled=refused.is_some() described_by=None/>
            <label class="segment-label" for=id>{label}</label>
        </div>
    }
}
