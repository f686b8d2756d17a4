//! The actions of the members page, and how a submitted form becomes one.

use leptos::prelude::*;

use super::path::UsersPath;
use crate::components::list_page::ItemActions;
use crate::components::post_form::Fields;
use crate::fns::users::{AddMember, AllowSignIn, RemoveMember, UpdateMember};
use crate::query::use_query;
use crate::state::toasts::use_toasts;

pub(super) type Actions = ItemActions<AddMember, UpdateMember, RemoveMember>;

/// Lets a member sign in again, which changes nothing in the list.
pub(super) type AllowAction = ServerAction<AllowSignIn>;

/// Ends the suspension of a member. It is sent from a menu, and the dialogs have another action for the same changes.
pub(super) type ActivateAction = ServerAction<UpdateMember>;

/// Creates the actions of the dialogs, and shows a toast after each of them.
pub(super) fn user_actions() -> Actions {
    let (actions, toasts) = (Actions::new(), use_toasts());
    actions.create.on_success(move |user, _| toasts.success(format!("{} was added.", user.user_name)));
    actions.update.on_success(move |user, _| toasts.success(format!("{} was changed.", user.user_name)));
    actions.end.on_success(move |(), _| toasts.success("The member was removed. Their keys are revoked."));
    actions
}

/// Creates the action, and shows a toast after it.
pub(super) fn allow_action() -> AllowAction {
    let (allow, toasts) = (AllowAction::new(), use_toasts());
    Effect::new(move || match allow.value().get() {
        Some(Ok(())) => toasts.success("The member can sign in again."),
        // A fixed text, because after a plain form the problem is read from the address, into which anyone can write
        // any sentence.
        Some(Err(_)) => {
            toasts.danger("The member could not be allowed to sign in. Reload the page and try again.");
        }
        None => {}
    });
    allow
}

/// Creates the action, and shows a toast after it.
pub(super) fn activate_action(path: Memo<UsersPath>) -> ActivateAction {
    let (activate, toasts) = (ActivateAction::new(), use_toasts());
    // A plain form that was refused leaves its refusal in the address. If a dialog is open, the form was the dialog's,
    // which shows the refusal itself.
    let is_in_address = use_query().with_untracked(|query| query.get("__err").is_some());
    let is_own = is_in_address && path.with_untracked(|path| path.task.is_none());
    Effect::new(move |before: Option<()>| match activate.value().get() {
        Some(Ok(user)) => toasts.success(format!("{} was activated.", user.user_name)),
        Some(Err(_)) if before.is_none() && !is_own => {}
        // A fixed text, for the same reason as above.
        Some(Err(_)) => toasts.danger("The member could not be activated. Reload the page and try again."),
        None => {}
    });
    activate
}

/// Reads a change of a member from a submitted form. Values that the form has no field for stay as they are.
pub(super) fn read_update(fields: &Fields) -> Option<UpdateMember> {
    Some(UpdateMember {
        user_id: fields.text("user_id").parse().ok()?,
        user_name: fields.get("user_name"),
        role: fields.get("role"),
        status: fields.get("status"),
        back: fields.get("back"),
    })
}

/// Reads the removal of a member from a submitted form.
pub(super) fn read_removal(fields: &Fields) -> Option<RemoveMember> {
    Some(RemoveMember { user_id: fields.text("user_id").parse().ok()?, back: fields.get("back") })
}

/// Reads from a submitted form which member may sign in again.
pub(super) fn read_allow_sign_in(fields: &Fields) -> Option<AllowSignIn> {
    Some(AllowSignIn { user_id: fields.text("user_id").parse().ok()?, back: fields.get("back") })
}
