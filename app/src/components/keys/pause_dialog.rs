//! Putting a key out of service for a time, and back.

use leptos::prelude::*;

use model::key::KeyRow;

use super::desk::{on_refusal, on_success, refusal_of, use_desk};
use super::last_use::{latest_use, use_sentence};
use super::problem_note::{ProblemNote, changed_meanwhile};
use super::task::KeyTask;
use crate::fns::keys::DisableKey;
use crate::state::toasts::use_toasts;
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, FormActions, FormFields, Glyph};

/// The question before a key is disabled, open while that is the desk's task; and the words after either.
#[component]
pub fn PauseDialog() -> impl IntoView {
    let desk = use_desk();
    let toasts = use_toasts();
    on_success(desk.disable, move |key| {
        desk.close();
        toasts.success(format!("“{}” is disabled. Enable it whenever you want.", key.name.as_str()));
    });
    on_success(desk.enable, move |key| toasts.success(format!("“{}” works again.", key.name.as_str())));
    // Enabling has no dialog. What the page shows is fetched again with every answer.
    on_refusal(desk.enable, move |error| match changed_meanwhile(error.code()) {
        Some((what, _)) => toasts.danger(format!("{what}. Nothing was done; you now see what it is.")),
        None => toasts.danger(error.0.message),
    });
    let row = move || desk.subject(KeyTask::Disable);
    let title = Signal::derive(move || {
        row().map_or_else(String::new, |row| format!("Disable “{}”?", row.key.name.as_str()))
    });
    view! {
        <Dialog
            id="disable-key"
            title
            open=Signal::derive(move || row().is_some())
            on_close_request=move |()| desk.close()
            size=DialogSize::Small
        >
            {row().map(|row| view! { <DisableForm row/> })}
        </Dialog>
    }
}

#[component]
fn DisableForm(row: KeyRow) -> impl IntoView {
    let desk = use_desk();
    let action = desk.disable;
    let last_used = use_sentence(latest_use(&row));
    let (key_id, version) = (row.key.key_id, Some(row.key.version));
    let disable = move |()| drop(action.dispatch(DisableKey { key_id: key_id.clone(), version }));
    view! {
        <FormFields>
            <p class="key-which">
                "Every request with this key is refused until somebody enables it again. The secret stays the same. "
                {last_used}
            </p>
            <ProblemNote refused=refusal_of(action)/>
        </FormFields>
        <FormActions>
            <Button on_press=move |()| desk.close()>"Cancel"</Button>
            <Button kind=ButtonKind::Primary icon=Glyph::CirclePause on_press=disable loading=action.pending()>
                "Disable key"
            </Button>
        </FormActions>
    }
}
