//! What the page's address says: which members, and which dialog is open. So every dialog is a link, works before
//! WebAssembly arrives, and closes with the browser's way back.

use model::{
    id::UserId,
    user::{Role, UserFilter, UserStatus},
};

use crate::query::{Query, encode, search_of};

/// The state of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Which members.
    pub filter: UserFilter,
    /// Which page of them, from 1; 0 means the first as well.
    pub page: u32,
    /// What is being done.
    pub task: Option<Task>,
}

/// A dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Adds somebody.
    Add,
    /// Does something with a member.
    With(Deed, UserId),
}

/// What is done with a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Changes name and role.
    Edit,
    /// Makes an invitation link.
    Invite,
    /// Stops their keys and their access.
    Suspend,
    /// Takes them out of the organization.
    Remove,
}

impl Deed {
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

impl Address {
    /// Reads a query; what makes no sense in it is left out.
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

    /// The same list with a dialog.
    #[must_use]
    pub fn with(&self, task: Task) -> Self {
        Self { task: Some(task), ..self.clone() }
    }

    /// The same list without a dialog.
    #[must_use]
    pub fn list(&self) -> Self {
        Self { task: None, ..self.clone() }
    }

    /// The same list at another page.
    #[must_use]
    pub fn at_page(&self, page: u32) -> Self {
        Self { page, ..self.list() }
    }

    /// Whether anything narrows the list.
    pub fn is_filtered(&self) -> bool {
        self.filter != UserFilter::default()
    }

    /// The address.
    pub fn to_url(&self) -> String {
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
            Some(Task::Add) => add("do", "add"),
            Some(Task::With(deed, user)) => {
                add("do", deed.word());
                add("user", user.as_str());
            }
            None => {}
        }
        if parts.is_empty() { "/members".to_owned() } else { format!("/members?{}", parts.join("&")) }
    }
}

fn task(word: Option<&str>, user: Option<&str>) -> Option<Task> {
    let word = word?;
    if word == "add" {
        return Some(Task::Add);
    }
    let deed = Deed::ALL.into_iter().find(|deed| deed.word() == word)?;
    Some(Task::With(deed, UserId::parse(user?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Address {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        Address::of(&Query::parse(&pairs.join("&")))
    }

    #[test]
    fn an_address_reads_back() {
        let address = read(&[
            ("search", "a&b=c é"),
            ("role", "admin"),
            ("status", "active"),
            ("page", "3"),
            ("do", "remove"),
            ("user", "usr_1"),
        ]);
        assert_eq!(
            address.to_url(),
            "/members?search=a%26b%3Dc%20%C3%A9&role=admin&status=active&page=3&do=remove&user=usr_1"
        );
        assert!(address.is_filtered());
        assert_eq!(
            address.list().at_page(1).to_url(),
            "/members?search=a%26b%3Dc%20%C3%A9&role=admin&status=active"
        );
    }

    #[test]
    fn a_secret_does_not_stay_in_the_address() {
        let prefix = model::key::KeyPrefix::default();
        let secret = model::key::PlainKey::from_random(&prefix, "0123456789abcdefghijABCDEFGHIJxy");
        assert_eq!(read(&[("search", secret.reveal())]).to_url(), "/members?search=sk_live_01");
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let address = read(&[("role", "root"), ("page", "x"), ("do", "remove"), ("user", "../../")]);
        assert_eq!(address, Address::default());
        assert_eq!(address.to_url(), "/members");
    }
}
