//! The path of the members page: which members are listed, and which dialog is open.

use model::id::UserId;
use model::user::{Role, UserFilter, UserStatus};

use crate::components::list_page::{ItemDialog, ListFilter, ListPath};
use crate::paths;
use crate::query::{Query, search_of};

/// The state of the page, which its path contains.
pub type UsersPath = ListPath<UserFilter, UserDialog>;

/// What a dialog does with a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserDialog {
    /// Changes name and role.
    Edit,
    /// Creates an invitation link.
    Invite,
    /// Creates a link by which a member who can sign in already chooses a new password.
    NewPassword,
    /// Revokes the member's keys and ends their access.
    Suspend,
    /// Removes the member from the organization.
    Remove,
}

impl ItemDialog for UserDialog {
    type Id = UserId;

    const LIST: &'static str = paths::MEMBERS;
    const ITEM: &'static str = "user";
    const NEW: (&'static str, &'static str) = ("add", "Add a member");
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Edit, "edit", "Name and role"),
        (Self::Invite, "invite", "Invitation link"),
        (Self::NewPassword, "password", "New password"),
        (Self::Suspend, "suspend", "Suspend a member"),
        (Self::Remove, "remove", "Remove a member"),
    ];
}

impl ListFilter for UserFilter {
    fn of(query: &Query) -> Self {
        Self {
            role: query.get("role").and_then(Role::from_word),
            status: query.get("status").and_then(UserStatus::from_word),
            search: search_of(query.get("search").unwrap_or_default()),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let Self { role, status, search } = self;
        let search = (!search.is_empty()).then(|| ("search", search.clone()));
        let role = role.map(|role| ("role", role.to_string()));
        let status = status.map(|status| ("status", status.to_string()));
        [search, role, status].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::percent::encode;

    fn read(pairs: &[(&str, &str)]) -> UsersPath {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        UsersPath::of(&Query::parse(&pairs.join("&")))
    }

    #[test]
    fn an_address_can_be_parsed_again() {
        let path = read(&[
            ("search", "a&b=c é"),
            ("role", "admin"),
            ("status", "active"),
            ("page", "3"),
            ("do", "remove"),
            ("user", "usr_1"),
        ]);
        assert_eq!(
            path.to_path(),
            "/members?search=a%26b%3Dc%20%C3%A9&role=admin&status=active&page=3&do=remove&user=usr_1"
        );
        assert_eq!(
            path.list().at_page(1).to_path(),
            "/members?search=a%26b%3Dc%20%C3%A9&role=admin&status=active"
        );
    }

    #[test]
    fn a_secret_does_not_stay_in_the_address() {
        let prefix = model::key::KeyPrefix::default();
        let secret = model::key::PlainKey::from_random(&prefix, "0123456789abcdefghijABCDEFGHIJxy");
        assert_eq!(read(&[("search", secret.reveal())]).to_path(), "/members?search=sk_live_01");
    }

    #[test]
    fn invalid_parameters_are_ignored() {
        let path =
            read(&[("search", "\0"), ("role", "root"), ("page", "x"), ("do", "remove"), ("user", "../../")]);
        assert_eq!(path, UsersPath::default());
        assert_eq!(path.to_path(), "/members");
    }
}
