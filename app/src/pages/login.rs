//! Signing in.

use leptos::prelude::*;
use leptos_meta::Title;
use model::{password::Password, problem::Code};

use crate::{
    alive::come_alive,
    arrival::setup,
    components::{
        go::GoTo,
        post_form::{Fields, PostForm},
        problem::refused,
    },
    error::ConsoleError,
    fns::session::SignIn,
    layouts::PlainLayout,
    query::use_query,
    ui::{Button, ButtonKind, Callout, FormFields, PasswordField, TextField, Tone},
};

/// Asks for e-mail and password. Works as a plain form as well.
#[component]
pub fn LoginPage() -> impl IntoView {
    come_alive();
    let is_set_up = !matches!(setup(), Some(Ok(status)) if !status.is_set_up);
    view! {
        <Title text="Sign in"/>
        {if is_set_up { view! { <LoginCard/> }.into_any() } else { view! { <GoTo path="/setup"/> }.into_any() }}
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
        <PlainLayout title="Sign in" sentence=Some("To manage your organization's API keys.".to_owned())>
            {has_ended.then(|| view! {
                <Callout tone=Tone::Neutral>"Your session has ended. Sign in to go on where you were."</Callout>
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

/// Why signing in failed, from the code alone: after a plain form the problem comes out of the address, into which
/// anybody can write a sentence.
fn reason(error: &ConsoleError) -> String {
    match error.code() {
        Code::Unauthorized => {
            // The same for everybody, since it must not tell whether there is such an account.
            "This e-mail and password do not belong together. Check both and try again. \
             After 100 failures in a row, another admin has to allow you to sign in."
                .to_owned()
        }
        Code::TooManyRequests => match error.0.retry_after_seconds() {
            Some(seconds) => format!("Too many attempts. Try again in {}.", wait(seconds)),
            None => "Too many attempts. Try again later.".to_owned(),
        },
        Code::Forbidden => {
            "You are not a member of any organization here. Ask an admin for an invitation.".to_owned()
        }
        Code::Unavailable => "The server cannot be reached. Try again in a moment.".to_owned(),
        _ => "Signing in did not work. Try again.".to_owned(),
    }
}

/// A wait for people, rounded up.
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
    fn the_sentence_never_comes_from_the_address() {
        for code in Code::ALL {
            let error = ConsoleError(Problem::new(*code, "Call 555-0100 and tell us your password."));
            assert!(!reason(&error).contains("555"), "{code:?}");
        }
    }

    #[test]
    fn a_wait_is_rounded_up() {
        assert_eq!(
            (wait(1), wait(30), wait(91)),
            ("1 second".into(), "30 seconds".into(), "2 minutes".into())
        );
    }
}
