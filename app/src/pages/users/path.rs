//! The path of the members page: which members are listed, and which dialog is open. Because this is in the path,
//! every dialog is a link, works before WebAssembly arrives, and closes with the browser's Back button.

use model::{
    id::UserId,
    user::{Role, UserFilter, UserStatus},
};

use crate::paths;
use crate::query::{Query, encode, search_of};

/// The state of the page, as its path holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsersPath {
    pub filter: UserFilter,
    /// The number of the page, from 1. 0 also means the first page.
    pub page: u32,
    /// The open dialog.
    pub task: Option<OpenDialog>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenDialog {
    Add,
    /// A dialog about one member.
    With(UserDialog, UserId),
}

/// What a dialog does with a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserDialog {
    /// Changes name and role.
    Edit,
    /// Creates an invitation link.
    Invite,
    /// Revokes the member's keys and ends their access.
    Suspend,
    /// Removes the member from the organization.
    Remove,
}

impl UserDialog {
    const ALL: [Self; 4] = [Self::Edit, Self::Invite, Self::Suspend, Self::Remove];

    const fn word(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Invite => "invite",
            Self::Suspend => "suspend",
            Self::Remove => "remove",
        }
    }
}

impl UsersPath {
    /// Reads a query. Unknown and malformed values are replaced by defaults.
    pub fn of(query: &Query) -> Self {
        let word = |name: &str| query.get(name);
        let filter = UserFilter {
            role: word("role").and_then(Role::from_word),
            status: word("status").and_then(UserStatus::from_word),
            search: search_of(word("search").unwrap_or_default()),
        };
        let page = word("page").and_then(|text| text.parse().ok()).unwrap_or_default();
        Self { filter, page, task: task(word("do"), word("user")) }
    }

    /// The same list with this dialog open.
    #[must_use]
    pub fn with(&self, task: OpenDialog) -> Self {
        Self { task: Some(task), ..self.clone() }
    }

    /// The same list without a dialog.
    #[must_use]
    pub fn list(&self) -> Self {
        Self { task: None, ..self.clone() }
    }

    /// Another page of the same list, without a dialog.
    #[must_use]
    pub fn at_page(&self, page: u32) -> Self {
        Self { page, ..self.list() }
    }

    /// Whether a search or a filter is set.
    pub fn is_filtered(&self) -> bool {
        self.filter != UserFilter::default()
    }

    pub fn to_path(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |name: &str, value: &str| parts.push(format!("{name}={}", encode(value)));
        if !self.filter.search.is_empty() {
            add("search", &self.filter.search);
        }
        if let Some(role) = self.filter.role {
            add("role", role.as_str());
        }
        if let Some(status) = self.filter.status {
            add("status", status.as_str());
        }
        if self.page > 1 {
            add("page", &self.page.to_string());
        }
        match &self.task {
            Some(OpenDialog::Add) => add("do", "add"),
            Some(OpenDialog::With(dialog, user)) => {
                add("do", dialog.word());
                add("user", user.as_str());
            }
            None => {}
        }
        paths::with_query(paths::MEMBERS, &parts)
    }
}

fn task(word: Option<&str>, user: Option<&str>) -> Option<OpenDialog> {
    let word = word?;
    if word == "add" {
        return Some(OpenDialog::Add);
    }
    let dialog = UserDialog::ALL.into_iter().find(|dialog| dialog.word() == word)?;
    Some(OpenDialog::With(dialog, UserId::parse(user?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(path.is_filtered());
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
        let path = read(&[("role", "root"), ("page", "x"), ("do", "remove"), ("user", "../../")]);
        assert_eq!(path, UsersPath::default());
        assert_eq!(path.to_path(), "/members");
    }
}
