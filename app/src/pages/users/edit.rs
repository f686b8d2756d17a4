//! The form that edits a member's name and role.

use leptos::prelude::*;
use model::user::{User, UserPatchDraft};

use super::actions::read_update;
use super::loaded_user::LoadedUser;
use crate::components::list_page::{ItemForm, refusal_of};
use crate::components::users::{LiveForm, role_choices};
use crate::fns::users::UpdateMember;
use crate::ui::{RadioGroup, TextField};

/// The name, and the roles with what each of them allows. The only admin cannot choose another role.
#[component]
pub(super) fn EditForm(
    target: LoadedUser,
    action: ServerAction<UpdateMember>,
    back: String,
    close: Callback<()>,
) -> impl IntoView {
    let protection = target.protection();
    let User { user_id, user_name, email, role, .. } = target.user;
    let (user_name, role) = (RwSignal::new(user_name), RwSignal::new(role.as_str().to_owned()));
    let errors = move || {
        let draft = UserPatchDraft {
            user_name: Some(user_name.get()),
            role: Some(role.get()),
            ..UserPatchDraft::default()
        };
        draft.check().err().unwrap_or_default()
    };
    let form = LiveForm::new(errors, refusal_of(action));
    let hint = "The member's keys can do no more than the role allows. A change of the role applies at once.";
    view! {
        <ItemForm action read=read_update form label="Save" close>
            <input type="hidden" name="user_id" value=user_id.to_string()/>
            <input type="hidden" name="back" value=back/>
            <TextField
                id="user_name" label="Name" value=user_name required=true hint=Some(email.to_string())
                error=form.message("user_name") on_leave=form.on_leave_of("user_name")
            />
            <RadioGroup
                id="new-role" name="role" legend="Role" choices=role_choices(protection) value=role
                hint=Some(hint.to_owned()) error=form.message("role")
            />
        </ItemForm>
    }
}
