//! The form field for the scopes of a key.

use leptos::prelude::*;

use model::key::{SCOPES_MAX, ScopeDraft};

use super::errors::field_id;
use super::scope_row::ScopeRow;
use super::state::KeyForm;
use crate::error::ConsoleError;
use crate::ui::{Button, Glyph, focus_id};

/// The scopes, as rows that can be added and removed. Without scopes, the permission applies to the whole
/// organization.
#[component]
pub fn ScopesField(form: KeyForm, refused: Signal<Option<ConsoleError>>) -> impl IntoView {
    let count = Memo::new(move |_| form.with(|values| values.scopes.len()));
    let error = form.error("scopes", refused);
    let add = move |()| {
        form.update(|values| values.scopes.push(ScopeDraft::default()));
        let last = count.get_untracked().saturating_sub(1);
        request_animation_frame(move || focus_id(&field_id(&format!("scopes-{last}-resource_type"))));
    };
    view! {
        <fieldset class="field key-scopes">
            <legend class="field-label">"Scopes"<span class="field-optional">"optional"</span></legend>
            <p class="field-hint">
                {move || if count.get() == 0 {
                    "Without scopes, the permission applies to the whole organization."
                } else {
                    "The permission applies only to the resources in this list."
                }}
            </p>
            <For each=move || 0..count.get() key=|index| *index let(index)>
                <ScopeRow form index refused/>
            </For>
            <p class="field-error" hidden=move || error.with(Option::is_none)>{move || error.get()}</p>
            <div><Button icon=Glyph::Plus small=true disabled=Signal::derive(move || count.get() >= SCOPES_MAX) on_press=add>"Add a scope"</Button></div>
        </fieldset>
    }
    .into_any()
}
