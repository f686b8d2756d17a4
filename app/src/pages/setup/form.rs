//! The form of the setup page.

use leptos::prelude::*;
use model::password::Password;
use model::session::SetupDraft;

use crate::components::problem::{Refusal, refused};
use crate::components::users::LiveForm;
use crate::error::ConsoleError;
use crate::fns::setup::CompleteSetup;
use crate::layouts::PlainLayout;
use crate::ui::{Button, ButtonKind, Callout, FormFields, PasswordField, TextField, Tone};

const NEEDS_SCRIPTS: &str = "<p>The setup requires JavaScript and WebAssembly. \
                             Without them, the secret of the first key could not be shown.</p>";

/// Asks for organization, name, e-mail and password. It works only with WebAssembly: the response contains the secret
/// of the admin key, which a plain form would lose.
#[component]
pub fn SetupForm(
    /// The token of the setup link.
    token: String,
    /// Creates the organization and returns the secret of the admin key.
    complete: ServerAction<CompleteSetup>,
) -> impl IntoView {
    let fields = Fields::default();
    let general = refused(move || complete.value().get());
    let form = LiveForm::new(move || fields.draft().check().err().unwrap_or_default(), general);
    // Loads the code of the next page before the form can be sent. If it were loaded afterwards and failed, the secret
    // in the response would be lost.
    let (is_ready, is_missing) = (RwSignal::new(false), RwSignal::new(false));
    #[cfg(feature = "hydrate")]
    leptos::task::spawn_local(async move {
        match super::done::preload_setup_done().await {
            Ok(()) => is_ready.set(true),
            Err(_) => is_missing.set(true),
        }
    });
    let token = StoredValue::new(token);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if form.try_to_send() && !complete.pending().get_untracked() {
            complete.dispatch(CompleteSetup { token: token.get_value(), draft: fields.draft() });
        }
    };
    let sentence = "Create your organization and become its first admin. You can add other people later.";
    view! {
        <PlainLayout title="Set up Keystead" sentence=Some(sentence.to_owned())>
            // The content is a string because browsers with JavaScript parse it as text, so there is no element to
            // hydrate.
            <noscript inner_html=NEEDS_SCRIPTS></noscript>
            <Refusal error=Signal::derive(move || general.get().filter(|error: &ConsoleError| error.0.fields.is_empty()))/>
            {move || is_missing.get().then(|| view! {
                <Callout tone=Tone::Danger alert=true>
                    "A part of this page could not be loaded. Check your connection, then reload the page."
                </Callout>
            })}
            <form method="post" novalidate on:submit=submit on:input=move |_| complete.value().set(None)>
                <FormFields>
                    <TextField
                        id="organization" label="Organization" autocomplete="organization" autofocus=true
                        value=fields.organization error=form.message("organization") on_leave=form.on_leave_of("organization")
                    />
                    <TextField
                        id="user_name" label="Your name" autocomplete="name"
                        value=fields.user_name error=form.message("user_name") on_leave=form.on_leave_of("user_name")
                    />
                    <TextField
                        id="email" label="E-mail" kind="email" autocomplete="username"
                        hint=Some("You will sign in with this address.".to_owned())
                        value=fields.email error=form.message("email") on_leave=form.on_leave_of("email")
                    />
                    <PasswordField
                        id="password" label="Password" autocomplete="new-password"
                        hint=Some("At least 10 characters. Several words are harder to guess than one.".to_owned())
                        value=fields.password error=form.message("password")
                    />
                    <Button
                        kind=ButtonKind::Primary submit=true
                        disabled=Signal::derive(move || !is_ready.get())
                        loading=complete.pending()
                    >
                        "Create organization"
                    </Button>
                </FormFields>
            </form>
        </PlainLayout>
    }
}

#[derive(Clone, Copy, Default)]
struct Fields {
    organization: RwSignal<String>,
    user_name: RwSignal<String>,
    email: RwSignal<String>,
    password: RwSignal<String>,
}

impl Fields {
    fn draft(self) -> SetupDraft {
        SetupDraft {
            organization: self.organization.get(),
            user_name: self.user_name.get(),
            email: self.email.get(),
            password: Password::typed(self.password.get()),
        }
    }
}
