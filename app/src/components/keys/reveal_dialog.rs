//! The dialog that shows a secret, once.

use leptos::ev;
use leptos::prelude::*;

use model::key::CreatedKey;

use super::desk::{KeyDesk, use_desk};
use super::first_request::FirstRequest;
use super::secret_tabs::SecretTabs;
use crate::ui::{Button, ButtonKind, Callout, Dialog, FormActions, FormFields, Tone};

/// Where the person is with a secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Taken {
    /// They have not copied it.
    #[default]
    Not,
    /// They wanted to leave without it and were asked whether they mean it.
    Asked,
    /// They have copied it.
    Copied,
}

/// The dialog that shows a secret, open while there is one. Closing it without having copied the secret asks once, and
/// so does leaving the page.
#[component]
pub fn RevealDialog() -> impl IntoView {
    let desk = use_desk();
    let taken = RwSignal::new(Taken::Not);
    let close = move |()| match taken.get_untracked() {
        Taken::Not => taken.set(Taken::Asked),
        Taken::Asked | Taken::Copied => leave(desk, taken),
    };
    let is_rotated = move || desk.revealed().is_some_and(|made| made.key.rotated_at.is_some());
    let open = Memo::new(move |_| desk.revealed().is_some());
    let title =
        Signal::derive(move || (if is_rotated() { "The new secret" } else { "Your new key" }).to_owned());
    view! {
        <Dialog
            id="reveal-key"
            title
            description=Some("Copy the secret now: it is stored only as a hash and cannot be shown again.".to_owned())
            open
            on_close_request=close
            keep_on_outside_press=true
        >
            {desk.revealed().map(|made| view! { <RevealBody made taken/> })}
        </Dialog>
    }
}

fn leave(desk: KeyDesk, taken: RwSignal<Taken>) {
    taken.set(Taken::Not);
    desk.forget_secret();
}

#[component]
fn RevealBody(made: CreatedKey, taken: RwSignal<Taken>) -> impl IntoView {
    let desk = use_desk();
    keep_page(taken);
    let key_id = made.key.key_id.clone();
    let name = made.key.name.as_str().to_owned();
    let copied = move |()| taken.set(Taken::Copied);
    let is_copied = move || taken.get() == Taken::Copied;
    view! {
        <FormFields>
            <p class="key-which"><strong class="key-name-text">{name}</strong></p>
            <SecretTabs made on_copied=copied/>
            <FirstRequest key_id/>
            <Show when=move || taken.get() == Taken::Asked>
                <Callout tone=Tone::Warning title="You have not copied the secret." alert=true>
                    "It cannot be shown again. Without it, only rotating the key gives you a secret."
                </Callout>
            </Show>
        </FormFields>
        <FormActions>
            <Show when=move || taken.get() == Taken::Asked>
                <Button on_press=move |()| leave(desk, taken)>"Close without it"</Button>
            </Show>
            <Show
                when=is_copied
                fallback=move || view! {
                    <Show when=move || taken.get() == Taken::Not>
                        <Button on_press=move |()| taken.set(Taken::Asked)>"Close"</Button>
                    </Show>
                }
            >
                <Button kind=ButtonKind::Primary on_press=move |()| leave(desk, taken)>"Done"</Button>
            </Show>
        </FormActions>
    }
}

/// Asks before the page is left while the secret has not been copied.
fn keep_page(taken: RwSignal<Taken>) {
    Effect::new(move || {
        let listening = window_event_listener(ev::beforeunload, move |event| {
            if taken.get_untracked() != Taken::Copied {
                event.prevent_default();
                // What older browsers look at instead.
                event.set_return_value("copy the secret first");
            }
        });
        on_cleanup(move || listening.remove());
    });
}
