//! The page that an invitation link leads to. A user who is signed in with the invited address joins with one click.
//! Anyone else chooses a password, and so does a member who has joined already and lost theirs.

use leptos::prelude::*;
use leptos_meta::Title;
use model::password::Password;
use model::problem::Code;

use crate::components::post_form::{Fields, PostForm};
use crate::components::problem::{PlainProblem, Refusal, refused};
use crate::components::users::NewPassword;
use crate::error::ConsoleError;
use crate::fns::invitation::{AcceptInvitation, JoinInvitation, ShownInvitation};
use crate::hydration::mark_hydrated;
use crate::initial_data::{LoadDocument, invitation};
use crate::layouts::PlainLayout;
use crate::paths;
use crate::query::use_query;
use crate::ui::{Button, ButtonKind, ButtonLink, Fact, Facts, FormFields};

/// Shows the invitation and the form that accepts it, or why the link does not work.
#[component]
pub fn InvitationPage() -> impl IntoView {
    mark_hydrated();
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
    crate::fns::response::set_page_status(error.code());
    let sentence = "The link was used already, has expired, or is incomplete. Ask an admin of the organization for a new one.";
    view! {
        <PlainLayout title="This invitation link does not work" sentence=Some(sentence.to_owned())>
            <ButtonLink href=paths::LOGIN>"Go to the sign-in page"</ButtonLink>
        </PlainLayout>
    }
    .into_any()
}

#[component]
fn Join(token: String, invitation: ShownInvitation) -> impl IntoView {
    let ShownInvitation { organization, email, user_name, has_joined, signed_in_to, ends_at } = invitation;
    let login = email.clone();
    let (title, label) = if has_joined {
        (format!("Choose a new password for {organization}"), "Save password")
    } else {
        (format!("Join {organization}"), "Join")
    };
    let sentence = match &signed_in_to {
        _ if has_joined => "You will sign in with it and your e-mail address, and no longer with your old password."
            .to_owned(),
        Some(name) => format!(
            "You are signed in to {name} with this e-mail address. Your account will belong to one more organization."
        ),
        None => "Choose a password. You will sign in with it and your e-mail address. If you already use this console, sign in \
                 first and open this link again."
            .to_owned(),
    };
    view! {
        <PlainLayout title sentence=Some(sentence)>
            <Facts>
                <Fact label="E-mail">{email}</Fact>
                <Fact label="Name">{user_name}</Fact>
                <Fact label="Link expires">{ends_at}</Fact>
            </Facts>
            {match signed_in_to {
                Some(_) => view! { <JoinByClick token/> }.into_any(),
                None => view! { <JoinWithPassword token login label/> }.into_any(),
            }}
        </PlainLayout>
    }
}

/// For a user who is signed in with the invited address.
#[component]
fn JoinByClick(token: String) -> impl IntoView {
    let join = ServerAction::<JoinInvitation>::new();
    let read = |fields: &Fields| Some(JoinInvitation { token: fields.text("token") });
    view! {
        <Refusal error=refused(move || join.value().get())/>
        <PostForm action=join read>
            <input type="hidden" name="token" value=token/>
            <FormFields>
                <Button kind=ButtonKind::Primary submit=true loading=join.pending()>"Join"</Button>
            </FormFields>
        </PostForm>
    }
}

/// For everyone else.
#[component]
fn JoinWithPassword(token: String, login: String, label: &'static str) -> impl IntoView {
    let accept = ServerAction::<AcceptInvitation>::new();
    let read = |fields: &Fields| {
        Some(AcceptInvitation {
            token: fields.text("token"),
            password: Password::typed(fields.text("password")),
        })
    };
    view! { <NewPassword action=accept read token login label/> }
}
