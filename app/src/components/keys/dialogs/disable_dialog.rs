//! The dialog that disables a key, and the messages after a key was disabled or enabled.

use leptos::prelude::*;

use model::key::KeyRow;

use crate::components::keys::form::{ProblemNote, changed_meanwhile};
use crate::components::keys::key_page_state::use_key_page;
use crate::components::keys::last_use::{latest_use, use_sentence};
use crate::components::keys::task::KeyTask;
use crate::components::list_page::{on_refusal, on_success, refusal_of};
use crate::fns::keys::DisableKey;
use crate::state::toasts::use_toasts;
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, FormActions, FormFields, Glyph};

/// Asks before a key is disabled. The dialog is open while the task of the page is [`KeyTask::Disable`]. The component
/// also reports that a key was disabled or enabled.
#[component]
pub fn DisableDialog() -> impl IntoView {
    let key_page = use_key_page();
    let toasts = use_toasts();
    key_page.disable.on_success(move |key, is_open| {
        if is_open {
            key_page.close();
        }
        toasts.success(format!(
            "“{}” was disabled. You can enable it again at any time.",
            key.fields.name.as_str()
        ));
    });
    on_success(key_page.enable, move |key| {
        toasts.success(format!("“{}” works again.", key.fields.name.as_str()));
    });
    // Enabling has no dialog, so a toast shows the refusal. The page loads its keys again after every answer.
    on_refusal(key_page.enable, move |error| match changed_meanwhile(error.code()) {
        Some((what, _)) => {
            toasts.danger(format!("{what}. Nothing was changed. The page now shows its current state."));
        }
        None => toasts.danger(error.0.message),
    });
    let row = move || key_page.target(KeyTask::Disable);
    let title = Signal::derive(move || {
        row().map_or_else(String::new, |row| format!("Disable “{}”?", row.key.fields.name.as_str()))
    });
    view! {
        <Dialog
            id="disable-key"
            title
            open=Signal::derive(move || row().is_some())
            on_close_request=move |()| key_page.close()
            size=DialogSize::Small
        >
            {row().map(|row| view! { <DisableForm row/> })}
        </Dialog>
    }
}

#[component]
fn DisableForm(row: KeyRow) -> impl IntoView {
    let key_page = use_key_page();
    let action = key_page.disable.current();
    let last_used = use_sentence(latest_use(&row));
    let (key_id, version) = (row.key.key_id, Some(row.key.version));
    let disable = move |()| drop(action.dispatch(DisableKey { key_id: key_id.clone(), version }));
    view! {
        <FormFields>
            <p class="key-summary">
                "Every request with this key is refused until someone enables it again. The secret stays the same. "
                {last_used}
            </p>
            <ProblemNote refused=refusal_of(action)/>
        </FormFields>
        <FormActions>
            <Button on_press=move |()| key_page.close()>"Cancel"</Button>
            <Button kind=ButtonKind::Primary icon=Glyph::CirclePause on_press=disable loading=action.pending()>
                "Disable key"
            </Button>
        </FormActions>
    }
}
