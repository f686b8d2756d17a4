//! The part of the account page that changes the user's password.

use leptos::prelude::*;
use model::field::FieldErrors;
use model::password::Password;
use model::session::PasswordChangeDraft;

use crate::components::post_form::{Fields, PostForm};
use crate::components::problem::{Refusal, refused};
use crate::components::users::LiveForm;
use crate::fns::account::ChangePassword;
use crate::query::use_query;
use crate::state::me::use_me;
use crate::ui::{Button, ButtonKind, Callout, FormActions, FormFields, PasswordField, Section, Tone};

/// The form, and a confirmation after a change. The form also works without WebAssembly: the server then redirects to
/// this page with `changed=password` in the query.
#[component]
pub fn PasswordSection() -> impl IntoView {
    let change = ServerAction::<ChangePassword>::new();
    let query = use_query();
    let is_changed = Memo::new(move |_| query.with(|query| query.get("changed") == Some("password")));
    let times = Memo::new(move |before: Option<&usize>| {
        let is_done = change.value().with(|answer| matches!(answer, Some(Ok(()))));
        before.copied().unwrap_or(0) + usize::from(is_done)
    });
    view! {
        <Section id="password" title="Password" sentence="Changing your password signs you out everywhere else.">
            {move || is_changed.get().then(|| view! {
                <Callout tone=Tone::Success alert=true>
                    "Your password was changed. All your other sessions have ended."
                </Callout>
            })}
            {move || {
                // Builds a new form after each change, which clears the typed passwords.
                times.track();
                view! { <PasswordForm change/> }
            }}
        </Section>
    }
}

#[component]
fn PasswordForm(change: ServerAction<ChangePassword>) -> impl IntoView {
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let errors = move || {
        let draft =
            PasswordChangeDraft { current: Password::typed(current.get()), new: Password::typed(new.get()) };
        draft.check().err().unwrap_or_default()
    };
    let error = refused(move || change.value().get());
    let form = LiveForm::new(errors, error);
    let general = Signal::derive(move || error.get().filter(|error| is_about_no_field(&error.0.fields)));
    let email = use_me().with_untracked(|me| me.email.to_string());
    let read = |fields: &Fields| {
        let password = |name| Password::typed(fields.text(name));
        Some(ChangePassword { current: password("current"), new: password("new") })
    };
    view! {
        <div class="narrow-form" on:submit:capture=form.guard() on:input=move |_| change.value().set(None)>
            <Refusal error=general/>
            <PostForm action=change read>
                <input type="text" class="visually-hidden" autocomplete="username" tabindex="-1" aria-hidden="true" readonly value=email/>
                <FormFields>
                    <PasswordField
                        id="current" label="Current password" value=current required=true error=form.message("current")
                    />
                    <PasswordField
                        id="new" label="New password" autocomplete="new-password" value=new required=true
                        hint=Some("At least 10 characters. Several words are harder to guess than one.".to_owned())
                        error=form.message("new")
                    />
                    <FormActions>
                        <Button kind=ButtonKind::Primary submit=true loading=change.pending()>"Change password"</Button>
                    </FormActions>
                </FormFields>
            </PostForm>
        </div>
    }
}

fn is_about_no_field(fields: &FieldErrors) -> bool {
    fields.message_for("current").is_none() && fields.message_for("new").is_none()
}
