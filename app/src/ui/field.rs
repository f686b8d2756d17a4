//! What every field has around it: a label, a hint and, when a rule is broken, the sentence that says so.

use leptos::prelude::*;

use super::{glyph::Glyph, icon::Icon};

/// The value of `aria-describedby` for the control with this id inside a [`Field`].
pub fn described_by(id: &str) -> String {
    format!("{id}-hint {id}-error")
}

/// A labelled place for one control. The control inside must carry the same `id` and [`described_by`] of it.
#[component]
pub fn Field(
    /// The id of the control inside.
    #[prop(into)]
    id: String,
    /// Its name, always shown or at least read.
    #[prop(into)]
    label: String,
    /// What helps to fill it in. May change with what is typed.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// The broken rule, in the server's words.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Adds "optional" to the label.
    #[prop(optional)]
    optional: bool,
    /// Keeps the label for screen readers only, where the place itself says what it is.
    #[prop(optional)]
    label_hidden: bool,
    /// The control.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field" class:has-error=move || error.with(Option::is_some)>
            <label class="field-label" class:visually-hidden=label_hidden for=id.clone()>
                {label}
                {optional.then(|| view! { <span class="field-optional">"optional"</span> })}
            </label>
            {children()}
            <FieldNotes id hint error/>
        </div>
    }
}

/// The hint and the error below a control; both are always in the page, so that what describes the control exists.
#[component]
pub(super) fn FieldNotes(
    id: String,
    hint: Signal<Option<String>>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <p class="field-hint" id=format!("{id}-hint") hidden=move || hint.with(Option::is_none)>
            {move || hint.get().unwrap_or_default()}
        </p>
        <p class="field-error" id=format!("{id}-error") hidden=move || error.with(Option::is_none)>
            <Icon glyph=Glyph::CircleAlert/>
            <span>{move || error.get().unwrap_or_default()}</span>
        </p>
    }
}

/// The length of a text as browsers count it, in UTF-16 units. The rule counts characters: twice as many always suffices, and
/// the rule has the last word.
pub fn typed_length(characters: usize) -> u32 {
    u32::try_from(characters * 2).unwrap_or(u32::MAX)
}

/// `aria-invalid` of a control: only said when it is true.
pub(super) fn invalid(error: Signal<Option<String>>) -> Option<&'static str> {
    error.with(Option::is_some).then_some("true")
}
