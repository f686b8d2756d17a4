//! The actions of the members page, and how a submitted form becomes one.

use leptos::prelude::*;

use crate::components::post_form::Fields;
use crate::fns::users::{AddMember, AllowSignIn, RemoveMember, UpdateMember};

/// The actions of the page. The list is loaded again after each of them, except `allow`, which changes nothing in the
/// list.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    pub add: ServerAction<AddMember>,
    pub update: ServerAction<UpdateMember>,
    pub remove: ServerAction<RemoveMember>,
    pub allow: ServerAction<AllowSignIn>,
}

impl Actions {
    pub fn new() -> Self {
        Self {
            add: ServerAction::new(),
            update: ServerAction::new(),
            remove: ServerAction::new(),
            allow: ServerAction::new(),
        }
    }

    /// A number that changes whenever an action that changes the list finishes.
    pub fn version(self) -> usize {
        self.add.version().get() + self.update.version().get() + self.remove.version().get()
    }

    /// Clears the results of earlier actions, so that a dialog does not open with an old error.
    pub fn forget(self) {
        self.add.value().set(None);
        self.update.value().set(None);
        self.remove.value().set(None);
        self.allow.value().set(None);
    }
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
