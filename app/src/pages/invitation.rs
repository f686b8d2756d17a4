//! Joining the console by a link.

use leptos::prelude::*;
use leptos_meta::Title;
use model::{password::Password, problem::Code};

use crate::{
    alive::come_alive,
    arrival::{LoadDocument, invitation},
    components::{
        people::LiveForm,
        post_form::{Fields, PostForm},
        problem::{PlainProblem, Refusal, refused},
    },
    error::ConsoleError,
    fns::invitation::{AcceptInvitation, ShownInvitation},
    layouts::PlainLayout,
    query::use_query,
    ui::{Button, ButtonKind, ButtonLink, Fact, Facts, FormFields, PasswordField},
};

/// Shows what the link is for, and takes the password.
#[component]
pub fn InvitationPage() -> impl IntoView {
    come_alive();
    let token = use_query().with_untracked(|query| query.get("token").unwrap_or_default().to_owned());
    let content = match invitation() {
        Some(Ok(invitation)) => view! { <Join token invitation/> }.into_any(),
        Some(Err(error)) => view! { <DeadLink error/> }.into_any(),
        None => view! { <LoadDocument/> }.into_any(),
    };
    view! { <Title text="Join"/> {content} }
}

#[component]
fn DeadLink(error: ConsoleError) -> impl IntoView {
    if error.code() != Code::NotFound {
        return view! { <PlainLayout title="Join"><PlainProblem error/></PlainLayout> }.into_any();
    }
    #[cfg(feature = "ssr")]
    crate::fns::answer::set_page_status(error.code());
    let sentence =
        "It was used, it has ended, or it was cut short. Ask an admin of the organization for a new one.";
    view! {
        <PlainLayout title="This invitation link does not work" sentence=Some(sentence.to_owned())>
            <ButtonLink href="/login">"Go to the sign-in page"</ButtonLink>
        </PlainLayout>
    }
    .into_any()
}

#[component]
fn Join(token: String, invitation: ShownInvitation) -> impl IntoView {
    let ShownInvitation { organization, email, user_name, has_account, ends_at } = invitation;
    let login = email.clone();
    let accept = ServerAction::<AcceptInvitation>::new();
    let refusal = refused(move || accept.value().get());
    let password = RwSignal::new(String::new());
    let form = LiveForm::new(move || broken(&password.get(), has_account), refusal);
    let sentence = if has_account {
        "You have a password on this server already. Enter it to prove that the invitation is for you."
    } else {
        "Choose a password. You sign in with it and your e-mail from now on."
    };
    let changed = move |_| accept.value().set(None);
    let read = |fields: &Fields| {
        Some(AcceptInvitation {
            token: fields.text("token"),
            password: Password::typed(fields.text("password")),
        })
    };
    view! {
        <PlainLayout title=format!("Join {organization}") sentence=Some(sentence.to_owned())>
            <Facts>
                <Fact label="E-mail">{email}</Fact>
                <Fact label="Name">{user_name}</Fact>
                <Fact label="The link ends">{ends_at}</Fact>
            </Facts>
            <Refusal error=refusal/>
            <div on:submit:capture=form.guard() on:input=changed>
                <PostForm action=accept read>
                    <input type="hidden" name="token" value=token/>
                    <input type="text" class="visually-hidden" autocomplete="username" tabindex="-1" aria-hidden="true" readonly value=login/>
                    <FormFields>
                        <PasswordField
                            id="password"
                            label="Password"
                            value=password
                            required=true
                            autofocus=true
                            autocomplete=if has_account { "current-password" } else { "new-password" }
                            hint=(!has_account).then(|| "At least 10 characters. A few words are better than one.".to_owned())
                            error=form.message("password")
                        />
                        <Button kind=ButtonKind::Primary submit=true loading=accept.pending()>"Join"</Button>
                    </FormFields>
                </PostForm>
            </div>
        </PlainLayout>
    }
}

/// A new password has rules; one that exists is only compared.
fn broken(password: &str, has_account: bool) -> model::field::FieldErrors {
    let mut errors = model::field::FieldErrors::default();
    if !has_account {
        errors.take("password", Password::typed(password).check());
    }
    errors
}
