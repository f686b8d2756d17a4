//! The sign-in page.

use leptos::prelude::*;
use leptos_meta::Title;
use model::password::Password;
use model::problem::{Code, DISK_FULL};

use crate::components::navigate::NavigateTo;
use crate::components::post_form::{Fields, PostForm};
use crate::components::problem::refused;
use crate::error::ConsoleError;
use crate::failures::UNAVAILABLE;
use crate::fns::session::SignIn;
use crate::hydration::mark_hydrated;
use crate::initial_data::setup;
use crate::layouts::PlainLayout;
use crate::paths;
use crate::query::use_query;
use crate::ui::{Button, ButtonKind, Callout, FormFields, PasswordField, TextField, Tone};

/// Asks for e-mail and password. Also works as a plain form, without WebAssembly.
#[component]
pub fn LoginPage() -> impl IntoView {
    mark_hydrated();
    let is_set_up = !matches!(setup(), Some(Ok(status)) if !status.is_set_up);
    view! {
        <Title text="Sign in"/>
        {if is_set_up { view! { <LoginCard/> }.into_any() } else { view! { <NavigateTo path=paths::SETUP/> }.into_any() }}
    }
}

#[component]
fn LoginCard() -> impl IntoView {
    let (has_ended, next) = use_query().with_untracked(|query| {
        (query.get("ended").is_some(), query.get("next").unwrap_or_default().to_owned())
    });
    let sign_in = ServerAction::<SignIn>::new();
    let refusal = refused(move || sign_in.value().get());
    let read = |fields: &Fields| {
        Some(SignIn {
            email: fields.text("email"),
            password: Password::typed(fields.text("password")),
            next: fields.get("next"),
        })
    };
    view! {
        <PlainLayout title="Sign in" sentence=Some("Manage your organization's API keys.".to_owned())>
            {has_ended.then(|| view! {
                <Callout tone=Tone::Neutral>"Your session has ended. Sign in again to continue where you left off."</Callout>
            })}
            {move || refusal.get().map(|error| view! {
                <Callout tone=Tone::Danger alert=true>{reason(&error)}</Callout>
            })}
            <PostForm action=sign_in read>
                <input type="hidden" name="next" value=next/>
                <FormFields>
                    <TextField id="email" label="E-mail" kind="email" autocomplete="username" required=true autofocus=true/>
                    <PasswordField id="password" label="Password" required=true/>
                    <Button kind=ButtonKind::Primary submit=true loading=sign_in.pending()>"Sign in"</Button>
                </FormFields>
            </PostForm>
        </PlainLayout>
    }
}

/// Why signing in failed. The text depends only on the error code and the waiting time. The message of the error is not
/// shown: after a plain form the error is read from the address, into which anyone can write any sentence.
fn reason(error: &ConsoleError) -> String {
    match error.code() {
        Code::Unauthorized => {
            // The same text for every failure, so that it does not reveal whether the account exists.
            "The e-mail address or the password is wrong. Check both and try again. \
             After 100 failed attempts in a row, an admin or the operator has to allow you to sign in."
                .to_owned()
        }
        Code::TooManyRequests => match error.0.retry_after_seconds() {
            Some(seconds) => format!("Too many attempts. Try again in {}.", wait(seconds)),
            None => "Too many attempts. Try again later.".to_owned(),
        },
        Code::Forbidden => {
            "You are not a member of any organization here. Ask an admin for an invitation.".to_owned()
        }
        Code::Unavailable => UNAVAILABLE.to_owned(),
        Code::InsufficientStorage => DISK_FULL.to_owned(),
        _ => "Signing in failed. Try again.".to_owned(),
    }
}

/// Formats a waiting time, rounded up.
fn wait(seconds: u64) -> String {
    match seconds {
        0 | 1 => "1 second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use model::problem::Problem;

    use super::*;

    #[test]
    fn the_reason_never_comes_from_the_address() {
        for code in Code::ALL {
            let error = ConsoleError(Problem::new(*code, "Call 555-0100 and tell us your password."));
            assert!(!reason(&error).contains("555"), "{code:?}");
        }
    }

    #[test]
    fn a_waiting_time_is_rounded_up() {
        assert_eq!(
            (wait(1), wait(30), wait(91)),
            ("1 second".into(), "30 seconds".into(), "2 minutes".into())
        );
    }
}
