//! The form field for the permission of a key.

use leptos::prelude::*;

use model::key::{FoundOwner, Permission};
use model::user::Role;

use super::errors::field_id;
use super::state::KeyForm;
use crate::components::keys::permission_text::title;
use crate::error::ConsoleError;
use crate::ui::{Choice, RadioGroup};

/// Offers the permissions as levels, each of which includes the weaker ones.
#[component]
pub fn PermissionField(
    form: KeyForm,
    refused: Signal<Option<ConsoleError>>,
    /// The role of the signed-in user, who cannot grant more than its ceiling.
    role: Role,
    /// The owner, if known.
    #[prop(optional, into)]
    owner: Signal<Option<FoundOwner>>,
) -> impl IntoView {
    let value = form.part(|values| values.permission.clone(), |values, word| values.permission = word);
    let hint = Signal::derive(move || {
        let wanted = Permission::from_word(&value.get())?;
        beyond_owner(wanted, &owner.get()?)
    });
    view! {
        <RadioGroup
            id=field_id("permissions")
            legend="Permission"
            choices=choices(role)
            value
            hint
            error=form.error("permissions", refused)
        />
    }
    .into_any()
}

fn choices(role: Role) -> Vec<Choice> {
    Permission::ALL
        .iter()
        .map(|permission| {
            let choice = Choice::new(permission.as_str(), title(*permission)).hint(permission.sentence());
            if *permission <= role.ceiling() {
                choice
            } else {
                choice.refused(format!(
                    "You cannot grant this. The strongest permission of a {role} is {}.",
                    role.ceiling()
                ))
            }
        })
        .collect()
}

/// Says what the key will be able to do if its permission exceeds the owner's ceiling; `None` if it does not.
fn beyond_owner(wanted: Permission, owner: &FoundOwner) -> Option<String> {
    let ceiling = owner.ceiling();
    let who = owner.role.map_or_else(|| "service account".to_owned(), |role| role.to_string());
    let until = if owner.role.is_some() { " until that role changes" } else { "" };
    (wanted > ceiling)
        .then(|| format!("The owner is a {who}, so the key can use at most the permission {ceiling}{until}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_offered_permissions_up_to_its_ceiling() {
        for (role, free) in [(Role::Viewer, 1), (Role::Member, 3), (Role::Admin, 4)] {
            assert_eq!(choices(role).iter().filter(|choice| choice.refused.is_none()).count(), free);
        }
    }

    #[test]
    fn the_form_says_if_the_permission_exceeds_the_ceiling_of_the_owner() {
        let owner = |id: &str, role| FoundOwner {
            owner: model::key::KeyOwner::parse(id).unwrap(),
            name: "n".into(),
            email: None,
            role,
            is_active: true,
        };
        for owner in [owner("usr_a", Some(Role::Member)), owner("sa_a", None)] {
            assert!(beyond_owner(Permission::Admin, &owner).is_some());
            assert_eq!(beyond_owner(Permission::Delete, &owner), None);
        }
    }
}
