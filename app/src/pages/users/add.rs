//! The form that adds a member.

use leptos::prelude::*;
use model::user::{Role, UserDraft};

use crate::components::list_page::{ItemForm, refusal_of};
use crate::components::post_form::Fields;
use crate::components::users::{LiveForm, role_choices};
use crate::fns::users::AddMember;
use crate::ui::{RadioGroup, TextField};

/// Asks for e-mail, name and role. Afterwards the invitation dialog follows, unless the person can sign in already.
#[component]
pub(super) fn AddForm(action: ServerAction<AddMember>, back: String, close: Callback<()>) -> impl IntoView {
    let (email, user_name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let role = RwSignal::new(Role::Member.as_str().to_owned());
    let errors = move || {
        let draft = UserDraft {
            email: Some(email.get()),
            user_name: Some(user_name.get()),
            role: Some(role.get()),
            ..UserDraft::default()
        };
        draft.check().err().unwrap_or_default()
    };
    let form = LiveForm::new(errors, refusal_of(action));
    let read = |fields: &Fields| {
        Some(AddMember {
            email: fields.text("email"),
            user_name: fields.text("user_name"),
            role: fields.text("role"),
            back: fields.get("back"),
        })
    };
    view! {
        <ItemForm action read form label="Add member" close>
            <input type="hidden" name="back" value=back/>
            <TextField
                id="email" label="E-mail" kind="email" value=email required=true autofocus=true
                error=form.message("email") on_leave=form.on_leave_of("email")
            />
            <TextField
                id="user_name" label="Name" value=user_name required=true
                error=form.message("user_name") on_leave=form.on_leave_of("user_name")
            />
            <RadioGroup
                id="new-role" name="role" legend="Role" choices=role_choices(None) value=role error=form.message("role")
            />
        </ItemForm>
    }
}
