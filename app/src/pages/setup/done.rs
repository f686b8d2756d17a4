//! The last step of the setup, which shows the secret of the admin key once.

#![cfg_attr(
    feature = "hydrate",
    expect(
        clippy::unnecessary_wraps,
        reason = "a function whose code is loaded may fail where it is called"
    )
)]

use leptos::ev::beforeunload;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::key::PlainKey;

use crate::layouts::PlainLayout;
use crate::paths;
use crate::ui::{Button, ButtonKind, Callout, Checkbox, FormFields, SecretBox, Tone};

/// Shows [`SetupDone`] in the browser, which loads the code for it on demand.
#[cfg(feature = "hydrate")]
#[leptos::wasm_split::wasm_split(
    setup_done,
    wasm_split_path = leptos::wasm_split,
    preload(preload_setup_done),
    fallible
)]
pub fn setup_done(secret: PlainKey) -> Result<AnyView, leptos::wasm_split::SplitLoaderError> {
    Ok(view! { <SetupDone secret/> }.into_any())
}

/// Shows [`SetupDone`] on the server, where its code is always available.
#[cfg(not(feature = "hydrate"))]
pub fn setup_done(secret: PlainKey) -> std::future::Ready<Result<AnyView, std::convert::Infallible>> {
    std::future::ready(Ok(view! { <SetupDone secret/> }.into_any()))
}

/// Shows the secret of the admin key until the user confirms that it is stored.
#[component]
fn SetupDone(secret: PlainKey) -> impl IntoView {
    let secret = secret.reveal().to_owned();
    let is_stored = RwSignal::new(false);
    let guard = window_event_listener(beforeunload, move |event| {
        if !is_stored.get_untracked() {
            event.prevent_default();
        }
    });
    on_cleanup(move || guard.remove());
    let navigate = use_navigate();
    let go_on =
        move |()| navigate(paths::KEYS, NavigateOptions { replace: true, ..NavigateOptions::default() });
    let sentence =
        "This is the secret of the organization's admin key. It gives full access and is shown only once.";
    view! {
        <PlainLayout title="Store the admin key" sentence=Some(sentence.to_owned()) wide=true>
            <FormFields>
                <SecretBox id="secret" label="Secret of admin-key" secret=secret/>
                <Callout tone=Tone::Warning title="Keep it safe">
                    "Store it in a password manager or a secret store. Keystead stores only a hash of it and cannot show it \
                     again. The operator can replace the key on the command line."
                </Callout>
                <Checkbox id="stored" label="I have stored the secret" checked=is_stored/>
                <Button
                    kind=ButtonKind::Primary on_press=go_on
                    disabled=Signal::derive(move || !is_stored.get())
                >
                    "Go to the keys"
                </Button>
            </FormFields>
        </PlainLayout>
    }
}
