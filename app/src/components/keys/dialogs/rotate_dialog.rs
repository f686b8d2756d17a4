//! The dialog that replaces a key's secret.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use model::key::KeyRow;

use crate::components::keys::form::{GracePeriodChoice, GracePeriodField, ProblemNote};
use crate::components::keys::key_page_state::use_key_page;
use crate::components::keys::task::KeyTask;
use crate::components::list_page::refusal_of;
use crate::fns::keys::RotateKey;
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, FormActions, FormFields, Glyph};

/// One hour: long enough to change a setting and to restart the program that uses the key.
const GRACE_STANDARD: i64 = 3600;

/// The dialog that replaces a key's secret. It is open while the task of the page is [`KeyTask::Rotate`]. After it,
/// `RevealDialog` shows the new secret.
#[component]
pub fn RotateDialog() -> impl IntoView {
    let key_page = use_key_page();
    key_page.rotate.on_success(move |_, is_open| {
        if is_open {
            key_page.close();
        }
    });
    let row = move || key_page.target(KeyTask::Rotate);
    let title = Signal::derive(move || {
        row().map_or_else(String::new, |row| format!("Rotate “{}”", row.key.fields.name.as_str()))
    });
    view! {
        <Dialog
            id="rotate-key"
            title
            description=Some("The key gets a new secret, which is shown once. Everything else stays the same.".to_owned())
            open=Signal::derive(move || row().is_some())
            on_close_request=move |()| key_page.close()
            size=DialogSize::Medium
            keep_on_outside_press=true
        >
            {row().map(|row| view! { <RotateForm row/> })}
        </Dialog>
    }
}

#[component]
fn RotateForm(row: KeyRow) -> impl IntoView {
    let key_page = use_key_page();
    let action = key_page.rotate.current();
    let grace = GracePeriodChoice::new(GRACE_STANDARD);
    let KeyRow { key, .. } = row;
    let expires_at = key.fields.expires_at;
    let expiry = match expires_at {
        Some(end) => format!("The expiry does not change. The key still expires on {}.", end.to_text()),
        None => "The key still never expires.".to_owned(),
    };
    let (key_id, version) = (key.key_id.clone(), Some(key.version));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if !action.pending().get_untracked() && untrack(move || grace.is_valid()) {
            let draft = untrack(move || grace.draft());
            action.dispatch(RotateKey { key_id: key_id.clone(), draft, version });
        }
    };
    view! {
        <form novalidate=true on:submit=send>
            <FormFields>
                <p class="key-summary">
                    "This replaces the secret " <code class="mono">{key.masked()}</code> " of "
                    <strong>{row.owner_name}</strong> ". "
                    {expiry}
                </p>
                <GracePeriodField legend="Grace period of the old secret" grace expires_at/>
                <ProblemNote refused=refusal_of(action)/>
            </FormFields>
            <FormActions>
                <Button on_press=move |()| key_page.close()>"Cancel"</Button>
                <Button kind=ButtonKind::Primary icon=Glyph::Rotate submit=true loading=action.pending()>
                    "Rotate secret"
                </Button>
            </FormActions>
        </form>
    }
}
