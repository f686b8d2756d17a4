//! The dialogs that suspend and remove a member. They say what will stop working and ask for confirmation.

use leptos::prelude::*;
use model::user::UserStatus;

use super::actions::{read_removal, read_update};
use super::loaded_user::LoadedUser;
use crate::components::list_page::{ConsoleFn, refusal_of};
use crate::components::post_form::{Fields, PostForm};
use crate::components::problem::Refusal;
use crate::fns::users::{RemoveMember, UpdateMember};
use crate::state::me::use_me;
use crate::ui::{Button, ButtonKind, Callout, FormActions, Tone};

/// Revokes the member's keys and ends their access, but keeps the member.
#[component]
pub(super) fn SuspendPanel(
    target: LoadedUser,
    action: ServerAction<UpdateMember>,
    back: String,
    close: Callback<()>,
) -> impl IntoView {
    let name = &target.user.user_name;
    let effect =
        format!("All keys of {name} are revoked at once and cannot be restored. Their sessions end.");
    view! {
        <EndPanel
            label=format!("Suspend {name}")
            effect
            afterwards="They stay a member and can be activated again. They will then need new keys."
            target action read=read_update back close
        >
            <input type="hidden" name="status" value=UserStatus::Suspended.as_str()/>
        </EndPanel>
    }
}

/// Removes the member from the organization and revokes their keys.
#[component]
pub(super) fn RemovePanel(
    target: LoadedUser,
    action: ServerAction<RemoveMember>,
    back: String,
    close: Callback<()>,
) -> impl IntoView {
    let (name, email) = (&target.user.user_name, &target.user.email);
    let effect = format!(
        "{name} ({email}) leaves the organization. All their keys are revoked at once and cannot be restored."
    );
    view! {
        <EndPanel
            label=format!("Remove {name}")
            effect
            afterwards="To block them only for a time, suspend them instead. The history of their keys stays."
            target action read=read_removal back close
        />
    }
}

#[component]
fn EndPanel<S: ConsoleFn>(
    /// The text of the button that sends the form.
    label: String,
    effect: String,
    afterwards: &'static str,
    target: LoadedUser,
    action: ServerAction<S>,
    read: fn(&Fields) -> Option<S>,
    back: String,
    close: Callback<()>,
    /// Further hidden fields.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let protection = target.protection();
    let is_refused = protection.is_some();
    let user_id = target.user.user_id;
    view! {
        <div class="dialog-parts">
            <Refusal error=refusal_of(action)/>
            <Consequences protection user_id=user_id.clone()><p>{effect}</p><p>{afterwards}</p></Consequences>
            <PostForm action read>
                <input type="hidden" name="user_id" value=user_id.to_string()/>
                {children.map(|children| children())}
                <input type="hidden" name="back" value=back/>
                <FormActions>
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=ButtonKind::Danger submit=true disabled=is_refused loading=action.pending()>{label}</Button>
                </FormActions>
            </PostForm>
        </div>
    }
}

/// What will happen, or why it is not possible.
#[component]
fn Consequences(protection: Option<String>, user_id: model::id::UserId, children: Children) -> impl IntoView {
    let is_me = use_me().with_untracked(|me| me.user_id == user_id);
    match protection {
        Some(reason) => view! { <Callout tone=Tone::Neutral title="Not possible now">{reason}</Callout> }.into_any(),
        None => view! {
            <Callout tone=Tone::Danger title="What will happen">{children()}</Callout>
            {is_me.then(|| view! { <Callout tone=Tone::Warning>"This is you. Your own access will end."</Callout> })}
        }
        .into_any(),
    }
}
