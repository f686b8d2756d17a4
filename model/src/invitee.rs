//! The person whom the operator invites on the command line.

use serde_json::Map;

use crate::email::Email;
use crate::field::FieldErrors;
use crate::user::{NewUser, Role, check_user_name, name_from_address};

/// Unchecked input for an invitation by the operator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InviteeDraft {
    pub email: String,
    /// Taken from the address when absent.
    pub user_name: Option<String>,
    /// `member` when absent.
    pub role: Option<String>,
}

/// A checked invitee. Only [`InviteeDraft::check`] creates it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitee {
    pub email: Email,
    /// `None` if it was not given.
    pub user_name: Option<String>,
    /// `None` if it was not given.
    pub role: Option<Role>,
}

impl InviteeDraft {
    /// Checks all fields and reports all errors together. The name that an address gives is checked as well.
    pub fn check(&self) -> Result<Invitee, FieldErrors> {
        let Self { email, user_name, role } = self;
        let mut errors = FieldErrors::default();
        let checked = errors.take("email", Email::parse(email));
        if user_name.is_some() || checked.is_some() {
            let name = user_name.as_deref().unwrap_or_else(|| name_from_address(email));
            errors.take("user_name", check_user_name(name));
        }
        let role = role.as_ref().and_then(|word| errors.take("role", Role::check(word)));
        errors.or(checked.map(|email| Invitee { email, user_name: user_name.clone(), role }))
    }
}

impl Invitee {
    /// The invitee as a new member.
    pub fn into_new_user(self) -> NewUser {
        let Self { email, user_name, role } = self;
        NewUser {
            user_name: user_name.unwrap_or_else(|| name_from_address(email.as_str()).to_owned()),
            email,
            avatar_url: None,
            role: role.unwrap_or(Role::Member),
            metadata: Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::FieldError;

    fn draft(email: &str, user_name: Option<&str>, role: Option<&str>) -> InviteeDraft {
        InviteeDraft {
            email: email.to_owned(),
            user_name: user_name.map(str::to_owned),
            role: role.map(str::to_owned),
        }
    }

    #[test]
    fn what_is_not_given_has_a_default() {
        for (draft, name, role) in [
            (draft("bob@acme.example", None, None), "bob", Role::Member),
            (draft("bob@acme.example", Some("Bob B."), Some("viewer")), "Bob B.", Role::Viewer),
        ] {
            let user = draft.check().unwrap().into_new_user();
            assert_eq!(
                (user.email.as_str(), user.user_name.as_str(), user.role),
                ("bob@acme.example", name, role)
            );
        }
    }

    #[test]
    fn a_name_is_taken_from_the_address() {
        for (email, name) in [("ada@example.com", "ada"), ("ä@example.com", "ä@example.com"), ("@", "@")] {
            assert_eq!(name_from_address(email), name);
        }
    }

    #[test]
    fn all_errors_are_reported_together() {
        let errors = draft("bob", Some(""), Some("root")).check().unwrap_err();
        assert_eq!(errors.iter().map(FieldError::field).collect::<Vec<_>>(), ["email", "user_name", "role"]);
        let errors = draft("bob", None, None).check().unwrap_err();
        assert_eq!(errors.iter().map(FieldError::field).collect::<Vec<_>>(), ["email"]);
    }
}
