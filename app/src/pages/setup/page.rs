//! The setup page, which decides which step is shown.

use leptos::prelude::*;
use leptos_meta::Title;

use super::done::setup_done;
use super::form::SetupForm;
use crate::components::problem::PlainProblem;
use crate::fns::setup::{CompleteSetup, SetupStatus};
use crate::hydration::mark_hydrated;
use crate::initial_data::{LoadDocument, setup};
use crate::layouts::PlainLayout;
use crate::paths;
use crate::query::use_query;
use crate::ui::{ButtonKind, ButtonLink};

/// Sets up the server. The link to this page comes from the server's terminal.
#[component]
pub fn SetupPage() -> impl IntoView {
    mark_hydrated();
    let token = use_query().with_untracked(|query| query.get("token").unwrap_or_default().to_owned());
    let content = match setup() {
        Some(Ok(status)) => view! { <Stage token status/> }.into_any(),
        Some(Err(error)) => {
            view! { <PlainLayout title="Set up"><PlainProblem error/></PlainLayout> }.into_any()
        }
        None => view! { <LoadDocument/> }.into_any(),
    };
    view! { <Title text="Set up"/> {content} }
}

#[component]
fn Stage(token: String, status: SetupStatus) -> impl IntoView {
    if status.is_set_up {
        return view! { <AlreadyDone/> }.into_any();
    }
    if !status.link_works {
        return view! { <NoLink is_given=!token.is_empty()/> }.into_any();
    }
    // The secret is kept only here, in the memory of the page.
    let complete = ServerAction::<CompleteSetup>::new();
    let secret = Memo::new(move |_| complete.value().with(|answer| answer.as_ref()?.as_ref().ok().cloned()));
    let token = StoredValue::new(token);
    view! {
        {move || match secret.get() {
            None => view! { <SetupForm token=token.get_value() complete/> }.into_any(),
            // The form could be sent only after this code was loaded.
            Some(secret) => Suspend::new(async { setup_done(secret).await.ok() }).into_any(),
        }}
    }
    .into_any()
}

#[component]
fn AlreadyDone() -> impl IntoView {
    let sentence = "The setup link works only once and was used already. Sign in with the e-mail address and password that \
                    were chosen then.";
    view! {
        <PlainLayout title="This server is set up already" sentence=Some(sentence.to_owned())>
            <ButtonLink href=paths::LOGIN kind=ButtonKind::Primary>"Sign in"</ButtonLink>
        </PlainLayout>
    }
}

#[component]
fn NoLink(is_given: bool) -> impl IntoView {
    let (title, sentence) = if is_given {
        (
            "This setup link does not work",
            "The link has expired or is incomplete. A link is valid for 24 hours.",
        )
    } else {
        (
            "This server is not set up yet",
            "Open the setup link that the server printed in its terminal when it started.",
        )
    };
    view! {
        <PlainLayout title=title sentence=Some(sentence.to_owned())>
            <p>"To get a new link, stop the server and start it again. It prints the link in the terminal:"</p>
            <pre class="code-block-text mono"><code>"keystead serve"</code></pre>
        </PlainLayout>
    }
}
