//! The dialog that revokes a key for good.

use leptos::prelude::*;

use model::key::{KeyRow, RevokeDraft};

use crate::components::keys::clock::now;
use crate::components::keys::form::ProblemNote;
use crate::components::keys::key_page_state::use_key_page;
use crate::components::keys::last_use::{latest_use, use_sentence};
use crate::components::keys::task::KeyTask;
use crate::components::list_page::{is_in_use, refusal_of};
use crate::fns::keys::RevokeKey;
use crate::state::toasts::use_toasts;
use crate::ui::{Button, ButtonKind, ConfirmPanel, Dialog, Fact, Facts, TextArea};

/// Asks before a key is revoked. The dialog is open while the task of the page is [`KeyTask::Revoke`].
#[component]
pub fn RevokeDialog() -> impl IntoView {
    let key_page = use_key_page();
    let toasts = use_toasts();
    key_page.revoke.on_success(move |key, is_open| {
        if is_open {
            key_page.close();
        }
        toasts.success(format!("“{}” was revoked. It no longer works.", key.fields.name.as_str()));
    });
    let row = move || key_page.target(KeyTask::Revoke);
    let title = Signal::derive(move || {
        row().map_or_else(String::new, |row| format!("Revoke “{}”?", row.key.fields.name.as_str()))
    });
    view! {
        <Dialog
            id="revoke-key"
            title
            open=Signal::derive(move || row().is_some())
            on_close_request=move |()| key_page.close()
            keep_on_outside_press=true
        >
            {row().map(|row| view! { <RevokeForm row/> })}
        </Dialog>
    }
}

#[component]
fn RevokeForm(row: KeyRow) -> impl IntoView {
    let key_page = use_key_page();
    let action = key_page.revoke.current();
    let refused = refusal_of(action);
    let reason = RwSignal::new(String::new());
    let draft = move || RevokeDraft { reason: Some(reason.get()) };
    let reason_error = Signal::derive(move || {
        let own = draft().check().err();
        own.or_else(|| refused.get().map(|error| error.0.fields))?.message_for("reason").map(str::to_owned)
    });
    let KeyRow { ref key, ref owner_name, ref owner_email, .. } = row;
    // A service account has no e-mail.
    let owner =
        if owner_email.is_empty() { owner_name.clone() } else { format!("{owner_name} · {owner_email}") };
    let facts = (key.masked(), owner, use_sentence(latest_use(&row)));
    // For a key in use, the person has to type its name, so that they notice which key they revoke.
    let in_use = latest_use(&row).is_some_and(|used| is_in_use(used.at, now()));
    let typed = in_use.then(|| key.fields.name.as_str().trim().to_owned());
    let (key_id, version) = (key.key_id.clone(), Some(key.version));
    let disable_instead = key.disabled.is_none().then(|| StoredValue::new(row.clone()));
    let revoke = Callback::new(move |()| {
        let draft = untrack(draft);
        if draft.check().is_ok() {
            action.dispatch(RevokeKey { key_id: key_id.clone(), draft, version });
        }
    });
    let body = view! {
        <p>"Once it is revoked, every request with this key or one of its old secrets is refused."</p>
        <Facts>
            <Fact label="Secret"><code class="mono">{facts.0}</code></Fact>
            <Fact label="Owner">{facts.1}</Fact>
            <Fact label="Last used">{facts.2}</Fact>
        </Facts>
        <TextArea
            id="revoke-reason"
            label="Reason"
            optional=true
            rows=2
            hint=Some("Shown in the key's history, so that colleagues know why the key was revoked.".to_owned())
            length_max=1000u32
            value=reason
            error=reason_error
        />
        {disable_instead.map(|row| view! { <DisableInstead row/> })}
        <ProblemNote refused/>
    };
    view! {
        <RevokePanel typed loading=action.pending() on_confirm=revoke>{body}</RevokePanel>
    }
}

#[component]
fn RevokePanel(
    typed: Option<String>,
    loading: Memo<bool>,
    on_confirm: Callback<()>,
    children: Children,
) -> impl IntoView {
    let key_page = use_key_page();
    let on_cancel = Callback::new(move |()| key_page.close());
    let title = "A revoked key cannot be restored.";
    match typed {
        Some(typed) => view! {
            <ConfirmPanel id="revoke-name" title action="Revoke key" typed loading on_confirm on_cancel>
                {children()}
            </ConfirmPanel>
        }
        .into_any(),
        None => view! {
            <ConfirmPanel id="revoke-name" title action="Revoke key" loading on_confirm on_cancel>
                {children()}
            </ConfirmPanel>
        }
        .into_any(),
    }
}

#[component]
fn DisableInstead(row: StoredValue<KeyRow>) -> impl IntoView {
    let key_page = use_key_page();
    view! {
        <p class="key-disable-instead">
            "Not sure? You can disable the key instead, and enable it again later. "
            <Button small=true kind=ButtonKind::Secondary on_press=move |()| key_page.start(KeyTask::Disable, row.get_value())>
                "Disable instead"
            </Button>
        </p>
    }
}
