//! What every form field has around its control: a label, a hint and an error message.

use leptos::prelude::*;

use super::glyph::Glyph;
use super::icon::Icon;

/// The value of `aria-describedby` for the control with this id inside a [`Field`].
pub fn described_by(id: &str) -> String {
    format!("{id}-hint {id}-error")
}

/// A label, a hint and an error message for one control. The control inside must have the same `id`, and
/// [`described_by`] of that id as its `aria-describedby`.
#[component]
pub fn Field(
    /// The id of the control inside.
    #[prop(into)]
    id: String,
    /// The name of the control. It is always visible, or at least read by screen readers.
    #[prop(into)]
    label: String,
    /// Helps to fill in the field. May change with what is typed.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// Which rule is broken, in the same words as in the server's response.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Adds "optional" to the label.
    #[prop(optional)]
    optional: bool,
    /// Shows the label only to screen readers, where the context makes clear what the field is.
    #[prop(optional)]
    label_hidden: bool,
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

/// The hint and the error message below a control. Both elements always exist, because `aria-describedby` refers to
/// them.
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

/// The `maxlength` for a limit in characters. Browsers count UTF-16 units, of which a character has at most two. A text
/// that is too long can therefore still be typed, and is found by the check of the form.
pub fn typed_length(characters: usize) -> u32 {
    u32::try_from(characters * 2).unwrap_or(u32::MAX)
}

/// The value of `aria-invalid`. The attribute exists only while there is an error.
pub(super) fn invalid(error: Signal<Option<String>>) -> Option<&'static str> {
    error.with(Option::is_some).then_some("true")
}
