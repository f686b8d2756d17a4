//! The dialogs that suspend and remove a member. They say what will stop working and ask for confirmation.

use leptos::prelude::*;
use model::user::{User, UserStatus};

use super::{
    actions::{read_removal, read_update},
    loaded_user::LoadedUser,
};
use crate::{
    components::{
        post_form::PostForm,
        problem::{Refusal, refused},
    },
    fns::users::{RemoveMember, UpdateMember},
    state::me::use_me,
    ui::{Button, ButtonKind, Callout, FormActions, Tone},
};

/// Revokes the member's keys and ends their access, but keeps the member.
#[component]
pub(super) fn SuspendPanel(
    target: LoadedUser,
    action: ServerAction<UpdateMember>,
    back: String,
    close: Callback<()>,
) -> impl IntoView {
    let protection = target.protection();
    let error = refused(move || action.value().get());
    let User { user_id, user_name, .. } = target.user;
    let is_refused = protection.is_some();
    let effect =
        format!("All keys of {user_name} are revoked at once and cannot be restored. Their sessions end.");
    view! {
        <div class="dialog-parts">
            <Refusal error/>
            <Consequences protection user_id=user_id.clone()>
                <p>{effect}</p>
                <p>"They stay a member and can be activated again. They will then need new keys."</p>
            </Consequences>
            <PostForm action=action read=read_update>
                <input type="hidden" name="user_id" value=user_id.to_string()/>
                <input type="hidden" name="status" value=UserStatus::Suspended.as_str()/>
                <input type="hidden" name="back" value=back/>
                <FormActions>
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=ButtonKind::Danger submit=true disabled=is_refused loading=action.pending()>
                        {format!("Suspend {user_name}")}
                    </Button>
                </FormActions>
            </PostForm>
        </div>
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
    let protection = target.protection();
    let error = refused(move || action.value().get());
    let User { user_id, user_name, email, .. } = target.user;
    let is_refused = protection.is_some();
    let effect = format!(
        "{user_name} ({email}) leaves the organization. All their keys are revoked at once and cannot be restored."
    );
    view! {
        <div class="dialog-parts">
            <Refusal error/>
            <Consequences protection user_id=user_id.clone()>
                <p>{effect}</p>
                <p>"To block them only for a time, suspend them instead. The history of their keys stays."</p>
            </Consequences>
            <PostForm action=action read=read_removal>
                <input type="hidden" name="user_id" value=user_id.to_string()/>
                <input type="hidden" name="back" value=back/>
                <FormActions>
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=ButtonKind::Danger submit=true disabled=is_refused loading=action.pending()>
                        {format!("Remove {user_name}")}
                    </Button>
                </FormActions>
            </PostForm>
        </div>
    }
}

/// What will happen, or why it is not possible.
#[component]
fn Consequences(protection: Option<String>, user_id: model::id::UserId, children: Children) -> impl IntoView {
    let is_me = use_me().with(|me| me.user_id == user_id);
    match protection {
        Some(reason) => view! { <Callout tone=Tone::Neutral title="Not possible now">{reason}</Callout> }.into_any(),
        None => view! {
            <Callout tone=Tone::Danger title="What will happen">{children()}</Callout>
            {is_me.then(|| view! { <Callout tone=Tone::Warning>"This is you. Your own access will end."</Callout> })}
        }
        .into_any(),
    }
}
