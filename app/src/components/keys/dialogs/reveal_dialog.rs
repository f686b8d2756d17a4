//! The dialog that shows a new secret once.

use leptos::ev;
use leptos::prelude::*;

use model::key::CreatedKey;

use super::first_request::FirstRequest;
use super::secret_tabs::SecretTabs;
use crate::components::keys::key_page_state::use_key_page;
use crate::ui::{Button, ButtonKind, Callout, Dialog, FormActions, FormFields, Tone};

/// Whether the person has copied the secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Taken {
    /// They have not copied the secret.
    #[default]
    Not,
    /// They tried to close the dialog without copying the secret, and were asked to confirm.
    Asked,
    /// They have copied the secret.
    Copied,
}

/// The dialog that shows a secret. It is open while a secret is in memory. If the secret was not copied, closing the
/// dialog asks once for confirmation, and the browser asks before the page is left.
#[component]
pub fn RevealDialog() -> impl IntoView {
    let key_page = use_key_page();
    let taken = RwSignal::new(Taken::Not);
    // A secret stays until the person has left it. Another one that arrives in the meantime is shown after it.
    let shown = Memo::new(move |before: Option<&Option<CreatedKey>>| {
        let secrets = key_page.secrets();
        let same = before.cloned().flatten().filter(|before| secrets.contains(before));
        same.or_else(|| secrets.into_iter().next())
    });
    let leave = Callback::new(move |()| {
        taken.set(Taken::Not);
        if let Some(shown) = shown.get_untracked() {
            key_page.clear_secret(&shown);
        }
    });
    let close = move |()| match taken.get_untracked() {
        Taken::Not => taken.set(Taken::Asked),
        Taken::Asked | Taken::Copied => leave.run(()),
    };
    let is_rotated =
        move || shown.with(|shown| shown.as_ref().is_some_and(|made| made.key.rotated_at.is_some()));
    let open = Memo::new(move |_| shown.with(Option::is_some));
    let title =
        Signal::derive(move || (if is_rotated() { "The new secret" } else { "Your new key" }).to_owned());
    view! {
        <Dialog
            id="reveal-key"
            title
            description=Some("Copy the secret now. Keystead stores only a hash of it and cannot show it again.".to_owned())
            open
            on_close_request=close
            keep_on_outside_press=true
        >
            {shown.get().map(|made| view! { <RevealBody made taken leave/> })}
        </Dialog>
    }
}

#[component]
fn RevealBody(
    made: CreatedKey,
    taken: RwSignal<Taken>,
    /// Removes the secret from memory.
    leave: Callback<()>,
) -> impl IntoView {
    warn_before_leaving(taken);
    let key_id = made.key.key_id.clone();
    let name = made.key.fields.name.as_str().to_owned();
    let copied = move |()| taken.set(Taken::Copied);
    let is_copied = move || taken.get() == Taken::Copied;
    view! {
        <FormFields>
            <p class="key-summary"><strong class="key-name-text">{name}</strong></p>
            <SecretTabs made on_copied=copied/>
            <FirstRequest key_id/>
            <Show when=move || taken.get() == Taken::Asked>
                <Callout tone=Tone::Warning title="You have not copied the secret." alert=true>
                    "It cannot be shown again. To get another secret, you would have to rotate the key."
                </Callout>
            </Show>
        </FormFields>
        <FormActions>
            <Show when=move || taken.get() == Taken::Asked>
                <Button on_press=leave>"Close without copying"</Button>
            </Show>
            <Show
                when=is_copied
                fallback=move || view! {
                    <Show when=move || taken.get() == Taken::Not>
                        <Button on_press=move |()| taken.set(Taken::Asked)>"Close"</Button>
                    </Show>
                }
            >
                <Button kind=ButtonKind::Primary on_press=leave>"Done"</Button>
            </Show>
        </FormActions>
    }
}

/// Lets the browser ask before the page is left, as long as the secret was not copied.
fn warn_before_leaving(taken: RwSignal<Taken>) {
    Effect::new(move || {
        let listening = window_event_listener(ev::beforeunload, move |event| {
            if taken.get_untracked() != Taken::Copied {
                event.prevent_default();
                // Older browsers ask only if this value is set.
                event.set_return_value("copy the secret first");
            }
        });
        on_cleanup(move || listening.remove());
    });
}
