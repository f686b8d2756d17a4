//! The dialog that changes a key.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use model::key::{KeyPatchDraft, KeyRow};
use model::user::Role;

use crate::components::keys::form::{KeyFields, KeyForm, NameField, ProblemNote, fields_of, focus_first_bad};
use crate::components::keys::key_page_state::use_key_page;
use crate::components::keys::task::KeyTask;
use crate::components::list_page::{on_refusal, refusal_of};
use crate::fns::keys::UpdateKey;
use crate::state::toasts::use_toasts;
use crate::ui::{Button, ButtonKind, Dialog, FormActions, FormFields};

/// The dialog that changes a key. It is open while the task of the page is [`KeyTask::Edit`].
#[component]
pub fn EditDialog(
    /// The role of the signed-in user.
    role: Role,
) -> impl IntoView {
    let key_page = use_key_page();
    let toasts = use_toasts();
    key_page.update.on_success(move |key, is_open| {
        if is_open {
            key_page.close();
        }
        toasts.success(format!("“{}” was changed.", key.fields.name.as_str()));
    });
    let row = move || key_page.target(KeyTask::Edit);
    let title = Signal::derive(move || {
        row().map_or_else(String::new, |row| format!("Edit “{}”", row.key.fields.name.as_str()))
    });
    view! {
        <Dialog
            id="edit-key"
            title
            open=Signal::derive(move || row().is_some())
            on_close_request=move |()| key_page.close()
            keep_on_outside_press=true
        >
            {row().map(|row| view! { <EditForm row role/> })}
        </Dialog>
    }
}

#[component]
fn EditForm(row: KeyRow, role: Role) -> impl IntoView {
    let key_page = use_key_page();
    let toasts = use_toasts();
    let action = key_page.update.current();
    let refused = refusal_of(action);
    let (key_id, version) = (row.key.key_id.clone(), row.key.version);
    let form = KeyForm::for_change(row.key);
    on_refusal(action, |error| focus_first_bad(&fields_of(&error.0)));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if action.pending().get_untracked() || !form.try_send() {
            return;
        }
        let draft = form.patch();
        if draft == KeyPatchDraft::default() {
            key_page.close();
            toasts.success("Nothing was changed.");
        } else {
            action.dispatch(UpdateKey { key_id: key_id.clone(), draft, version: Some(version) });
        }
    };
    view! {
        <form novalidate=true on:submit=send>
            <FormFields>
                <NameField form refused/>
                <KeyFields form refused role/>
                <ProblemNote refused/>
            </FormFields>
            <FormActions>
                <Button on_press=move |()| key_page.close()>"Cancel"</Button>
                <Button kind=ButtonKind::Primary submit=true loading=action.pending()>"Save changes"</Button>
            </FormActions>
        </form>
    }
}
