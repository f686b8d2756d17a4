//! The dialog that replaces a key's secret.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use model::key::KeyRow;

use super::desk::{on_success, refusal_of, use_desk};
use super::grace_field::{GraceChoice, GraceField};
use super::problem_note::ProblemNote;
use super::task::KeyTask;
use crate::fns::keys::RotateKey;
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, FormActions, FormFields, Glyph};

/// Long enough to change a setting somewhere and to restart what uses it.
const GRACE_STANDARD: i64 = 3600;

/// The dialog that replaces a key's secret, open while that is the desk's task. It ends in the reveal.
#[component]
pub fn RotateDialog() -> impl IntoView {
    let desk = use_desk();
    on_success(desk.rotate, move |_| desk.close());
    let row = move || desk.subject(KeyTask::Rotate);
    let title = Signal::derive(move || {
        row().map_or_else(String::new, |row| format!("Rotate “{}”", row.key.name.as_str()))
    });
    view! {
        <Dialog
            id="rotate-key"
            title
            description=Some("The key gets a new secret, which is shown once. All else stays as it is.".to_owned())
            open=Signal::derive(move || row().is_some())
            on_close_request=move |()| desk.close()
            size=DialogSize::Medium
            keep_on_outside_press=true
        >
            {row().map(|row| view! { <RotateForm row/> })}
        </Dialog>
    }
}

#[component]
fn RotateForm(row: KeyRow) -> impl IntoView {
    let desk = use_desk();
    let action = desk.rotate;
    let grace = GraceChoice::new(GRACE_STANDARD);
    let KeyRow { key, .. } = row;
    let expires_at = key.expires_at;
    let expiry = match expires_at {
        Some(end) => format!("The expiry does not move: the key still ends on {}.", end.to_text()),
        None => "The key still never expires by itself.".to_owned(),
    };
    let (key_id, version) = (key.key_id.clone(), Some(key.version));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if !action.pending().get_untracked() && untrack(move || grace.is_sound()) {
            let draft = untrack(move || grace.draft());
            action.dispatch(RotateKey { key_id: key_id.clone(), draft, version });
        }
    };
    view! {
        <form novalidate=true on:submit=send>
            <FormFields>
                <p class="key-which">
                    <code class="mono">{key.masked()}</code> " of " <strong>{row.owner_name}</strong> " gets a new secret. "
                    {expiry}
                </p>
                <GraceField legend="The old secret ends" grace expires_at/>
                <ProblemNote refused=refusal_of(action)/>
            </FormFields>
            <FormActions>
                <Button on_press=move |()| desk.close()>"Cancel"</Button>
                <Button kind=ButtonKind::Primary icon=Glyph::Rotate submit=true loading=action.pending()>
                    "Rotate secret"
                </Button>
            </FormActions>
        </form>
    }
}
