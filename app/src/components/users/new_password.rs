//! The form for a new password, which a link with a one-time token opens.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::field::FieldErrors;
use model::password::Password;

use super::LiveForm;
use crate::components::post_form::{Fields, PostForm};
use crate::components::problem::{Refusal, refused};
use crate::error::ConsoleError;
use crate::ui::{Button, ButtonKind, FormFields, PasswordField};

/// Asks for a new password, and says what is wrong with it.
#[component]
pub fn NewPassword<F>(
    action: ServerAction<F>,
    /// Makes the call from the fields `token` and `password`.
    read: fn(&Fields) -> Option<F>,
    /// The one-time token from the link.
    token: String,
    /// The e-mail address with which the person signs in, for their password manager.
    login: String,
    /// The text of the button.
    label: &'static str,
) -> impl IntoView
where
    F: ServerFn<Output = (), Error = ConsoleError> + Clone + Send + Sync + 'static,
{
    let refusal = refused(move || action.value().get());
    let password = RwSignal::new(String::new());
    let form = LiveForm::new(move || errors(&password.get()), refusal);
    view! {
        <Refusal error=refusal/>
        <div on:submit:capture=form.guard() on:input=move |_| action.value().set(None)>
            <PostForm action read>
                <input type="hidden" name="token" value=token/>
                <input type="text" class="visually-hidden" autocomplete="username" tabindex="-1" aria-hidden="true" readonly value=login/>
                <FormFields>
                    <PasswordField
                        id="password"
                        label="Password"
                        value=password
                        required=true
                        autofocus=true
                        autocomplete="new-password"
                        hint=Some("At least 10 characters. Several words are harder to guess than one.".to_owned())
                        error=form.message("password")
                    />
                    <Button kind=ButtonKind::Primary submit=true loading=action.pending()>{label}</Button>
                </FormFields>
            </PostForm>
        </div>
    }
}

fn errors(password: &str) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.take("password", Password::typed(password).check());
    errors
}
