//! The dialog that creates an invitation link for a member. The link is shown once.

use leptos::prelude::*;
use model::user::User;

use super::loaded_user::LoadedUser;
use crate::components::problem::{Refusal, refused};
use crate::fns::invitation::{CreateInvitation, InvitationLink};
use crate::ui::{Button, ButtonKind, Callout, FormActions, Glyph, RelativeTime, SecretBox, Tone};

/// Creates the link on request. The button works only with WebAssembly, because a plain form would lose the link.
#[component]
pub(super) fn InvitePanel(target: LoadedUser, close: Callback<()>) -> impl IntoView {
    let User { user_id, user_name, can_sign_in, .. } = target.user;
    let create = ServerAction::<CreateInvitation>::new();
    let error = refused(move || create.value().get());
    let is_ready = RwSignal::new(false);
    Effect::new(move || is_ready.set(true));
    let press = Callback::new(move |()| _ = create.dispatch(CreateInvitation { user_id: user_id.clone() }));
    let explanation = if can_sign_in {
        format!("{user_name} can already sign in and does not need a link.")
    } else {
        format!(
            "{user_name} cannot sign in to the console yet. With an invitation link, they can choose a password. You can create \
             keys for them without it."
        )
    };
    let explanation = StoredValue::new(explanation);
    view! {
        <div class="dialog-parts">
            <Refusal error/>
            {move || match create.value().get() {
                Some(Ok(link)) => view! { <InvitationLinkOnce link close/> }.into_any(),
                _ => view! {
                    <p>{explanation.get_value()}</p>
                    <FormActions>
                        <Button on_press=close>{if can_sign_in { "Close" } else { "Later" }}</Button>
                        {(!can_sign_in).then(|| view! {
                            <Button
                                kind=ButtonKind::Primary icon=Glyph::Mail on_press=press
                                disabled=Signal::derive(move || !is_ready.get()) loading=create.pending()
                            >
                                "Create invitation link"
                            </Button>
                        })}
                    </FormActions>
                }
                .into_any(),
            }}
        </div>
    }
}

#[component]
fn InvitationLinkOnce(link: InvitationLink, close: Callback<()>) -> impl IntoView {
    let InvitationLink { path, ends_at } = link;
    let origin = window().location().origin().unwrap_or_default();
    view! {
        <SecretBox id="link" label="Invitation link" secret=format!("{origin}{path}") start=28/>
        <Callout tone=Tone::Warning title="Send it over a channel you trust">
            "Anyone who has the link can join as this person. It works once, is shown only once, and expires "
            <RelativeTime at=ends_at/> "."
        </Callout>
        <FormActions><Button kind=ButtonKind::Primary on_press=close>"Done"</Button></FormActions>
    }
}
