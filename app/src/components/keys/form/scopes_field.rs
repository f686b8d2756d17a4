//! The form field for the scopes of a key.

use leptos::prelude::*;

use model::key::SCOPES_MAX;

use super::scope_row::ScopeRow;
use super::state::{KeyForm, field_id};
use crate::error::ConsoleError;
use crate::ui::{Button, Glyph, focus_id};

/// The scopes, as rows that can be added and removed. Without scopes, the permission holds everywhere in the
/// organization.
#[component]
pub fn ScopesField(form: KeyForm, refused: Signal<Option<ConsoleError>>) -> impl IntoView {
    let rows = move || form.scopes.get().into_iter().enumerate().collect::<Vec<_>>();
    let is_empty = move || form.scopes.with(Vec::is_empty);
    let is_full = Signal::derive(move || form.scopes.with(|rows| rows.len() >= SCOPES_MAX));
    let error = form.error("scopes", refused);
    let add = move |()| {
        form.add_scope();
        let last = form.scopes.with_untracked(Vec::len).saturating_sub(1);
        request_animation_frame(move || focus_id(&field_id(&format!("scopes-{last}-resource_type"))));
    };
    view! {
        <fieldset class="field key-scopes">
            <legend class="field-label">"Scopes"<span class="field-optional">"optional"</span></legend>
            <p class="field-hint">
                {move || if is_empty() {
                    "Without scopes, the permission applies to the whole organization."
                } else {
                    "The permission applies only to the resources in this list."
                }}
            </p>
            <For each=rows key=|(index, row)| (*index, row.number) let((index, row))>
                <ScopeRow form row index refused/>
            </For>
            <p class="field-error" hidden=move || error.with(Option::is_none)>{move || error.get()}</p>
            <div><Button icon=Glyph::Plus small=true disabled=is_full on_press=add>"Add a scope"</Button></div>
        </fieldset>
    }
    .into_any()
}
