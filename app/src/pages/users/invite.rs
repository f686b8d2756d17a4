//! The dialog that creates a link for a member: an invitation, or for a new password if the member can sign in already.
//! The link is shown once.

use leptos::prelude::*;
use model::user::User;

use super::loaded_user::LoadedUser;
use crate::components::problem::{Refusal, refused};
use crate::fns::invitation::{CreateInvitation, InvitationLink};
use crate::state::me::use_me;
use crate::ui::{Button, ButtonKind, Callout, FormActions, Glyph, RelativeTime, SecretBox, Tone};

/// Creates the link on request. The button works only with WebAssembly, because a plain form would lose the link.
#[component]
pub(super) fn InvitePanel(target: LoadedUser, close: Callback<()>) -> impl IntoView {
    let User { user_id, user_name, can_sign_in, .. } = target.user;
    let is_me = use_me().with(|me| me.user_id == user_id);
    let create = ServerAction::<CreateInvitation>::new();
    let error = refused(move || create.value().get());
    let is_ready = RwSignal::new(false);
    Effect::new(move || is_ready.set(true));
    let press = Callback::new(move |()| _ = create.dispatch(CreateInvitation { user_id: user_id.clone() }));
    let explanation = if is_me {
        "Only another admin can create a link for you.".to_owned()
    } else if can_sign_in {
        format!(
            "If {user_name} has lost their password, they can choose a new one for this organization with a link. When they use \
             it, their sessions end. Their keys stay as they are."
        )
    } else {
        format!(
            "{user_name} cannot sign in to the console yet. With an invitation link, they can choose a password. You can create \
             keys for them without it."
        )
    };
    let explanation = StoredValue::new(explanation);
    let label = if can_sign_in { "Link for a new password" } else { "Invitation link" };
    view! {
        <div class="dialog-parts">
            <Refusal error/>
            {move || match create.value().get() {
                Some(Ok(link)) => view! { <InvitationLinkOnce link label close/> }.into_any(),
                _ => view! {
                    <p>{explanation.get_value()}</p>
                    <FormActions>
                        <Button on_press=close>{if can_sign_in { "Close" } else { "Later" }}</Button>
                        {(!is_me).then(|| view! {
                            <Button
                                kind=ButtonKind::Primary icon=Glyph::Mail on_press=press
                                disabled=Signal::derive(move || !is_ready.get()) loading=create.pending()
                            >
                                {if can_sign_in { "Create link" } else { "Create invitation link" }}
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
fn InvitationLinkOnce(link: InvitationLink, label: &'static str, close: Callback<()>) -> impl IntoView {
    let InvitationLink { path, ends_at } = link;
    let origin = window().location().origin().unwrap_or_default();
    view! {
        <SecretBox id="link" label secret=format!("{origin}{path}") start=28/>
        <Callout tone=Tone::Warning title="Send it over a channel you trust">
            "Anyone who has the link can sign in as this person. It works once, is shown only once, and expires "
            <RelativeTime at=ends_at/> "."
        </Callout>
        <FormActions><Button kind=ButtonKind::Primary on_press=close>"Done"</Button></FormActions>
    }
}
