//! The page that the operator's password link leads to, where a person chooses a new password.

use leptos::prelude::*;
use leptos_meta::Title;
use model::password::Password;
use model::problem::Code;

use crate::components::post_form::Fields;
use crate::components::problem::PlainProblem;
use crate::components::users::NewPassword;
use crate::error::ConsoleError;
use crate::fns::reset::{ResetPassword, ShownReset};
use crate::hydration::mark_hydrated;
use crate::initial_data::{LoadDocument, reset};
use crate::layouts::PlainLayout;
use crate::paths;
use crate::query::use_query;
use crate::ui::{ButtonLink, Fact, Facts};

/// Shows whose password the link replaces and asks for the new one, or says why the link does not work.
#[component]
pub fn ResetPage() -> impl IntoView {
    mark_hydrated();
    let token = use_query().with_untracked(|query| query.get("token").unwrap_or_default().to_owned());
    let content = match reset() {
        Some(Ok(reset)) => view! { <Choose token reset/> }.into_any(),
        Some(Err(error)) => view! { <DeadLink error/> }.into_any(),
        None => view! { <LoadDocument/> }.into_any(),
    };
    view! { <Title text="New password"/> {content} }
}

#[component]
fn DeadLink(error: ConsoleError) -> impl IntoView {
    if error.code() != Code::NotFound {
        return view! { <PlainLayout title="New password"><PlainProblem error/></PlainLayout> }.into_any();
    }
    #[cfg(feature = "ssr")]
    crate::fns::response::set_page_status(error.code());
    let sentence = "The link was used already, has expired, or is incomplete. Ask the operator of this server for a new one.";
    view! {
        <PlainLayout title="This link does not work" sentence=Some(sentence.to_owned())>
            <ButtonLink href=paths::LOGIN>"Go to the sign-in page"</ButtonLink>
        </PlainLayout>
    }
    .into_any()
}

#[component]
fn Choose(token: String, reset: ShownReset) -> impl IntoView {
    let ShownReset { email, ends_at } = reset;
    let login = email.clone();
    let action = ServerAction::<ResetPassword>::new();
    let read = |fields: &Fields| {
        Some(ResetPassword {
            token: fields.text("token"),
            password: Password::typed(fields.text("password")),
        })
    };
    let sentence = "You will sign in with it and your e-mail address. All your current sessions end.";
    view! {
        <PlainLayout title="Choose a password" sentence=Some(sentence.to_owned())>
            <Facts>
                <Fact label="E-mail">{email}</Fact>
                <Fact label="Link expires">{ends_at}</Fact>
            </Facts>
            <NewPassword action read token login label="Set password"/>
        </PlainLayout>
    }
}
