//! The choice of a key's permission.

use leptos::prelude::*;

use model::key::{FoundOwner, Permission};
use model::user::Role;

use super::form::{KeyForm, field_id};
use crate::error::ConsoleError;
use crate::ui::{Choice, RadioGroup};

/// The permission of a key as levels, each of which includes the weaker.
#[component]
pub fn PermissionField(
    /// The form.
    form: KeyForm,
    /// What the server refused.
    refused: Signal<Option<ConsoleError>>,
    /// Who fills it in.
    role: Role,
    /// The owner, where they are known.
    #[prop(optional, into)]
    owner: Signal<Option<FoundOwner>>,
) -> impl IntoView {
    let hint = Signal::derive(move || {
        let wanted = Permission::from_word(&form.permission.get())?;
        beyond_owner(wanted, &owner.get()?)
    });
    view! {
        <RadioGroup
            id=field_id("permissions")
            legend="Permission"
            choices=choices(role)
            value=form.permission
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
                choice.refused(format!("You cannot grant this: a {role} goes up to {}.", role.ceiling()))
            }
        })
        .collect()
}

/// The permission as a heading.
pub fn title(permission: Permission) -> &'static str {
    match permission {
        Permission::Read => "Read",
        Permission::Write => "Write",
        Permission::Delete => "Delete",
        Permission::Admin => "Admin",
    }
}

/// What really results when the permission goes beyond what the owner may do.
fn beyond_owner(wanted: Permission, owner: &FoundOwner) -> Option<String> {
    let ceiling = owner.ceiling();
    let who = owner.role.map_or_else(|| "service account".to_owned(), |role| role.to_string());
    let until = if owner.role.is_some() { ", while that is so" } else { "" };
    (wanted > ceiling)
        .then(|| format!("The owner is a {who}: the key will be able to {ceiling} only{until}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_offered_more_than_they_hold() {
        for (role, free) in [(Role::Viewer, 1), (Role::Member, 3), (Role::Admin, 4)] {
            assert_eq!(choices(role).iter().filter(|choice| choice.refused.is_none()).count(), free);
        }
    }

    #[test]
    fn the_form_says_when_the_owner_holds_less() {
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
