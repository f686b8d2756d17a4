//! What the addresses of the pages say: which accounts, and which dialog is open. So every dialog is a link, works before
//! WebAssembly arrives, and closes with the browser's way back.

use model::{
    id::ServiceAccountId,
    service_account::{AccountStatus, ServiceAccountFilter},
};

use crate::{
    fns::service_accounts::{ACCOUNTS, page_of_account},
    query::{Query, encode, search_of},
};

/// Which accounts the list shows. Those that work unless something else is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum View {
    /// Those that work.
    #[default]
    Active,
    /// Those that were ended.
    Disabled,
    /// Both.
    All,
}

impl View {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Active, Self::Disabled, Self::All];

    /// The word in the address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::All => "all",
        }
    }

    /// The view of a word; the usual one when there is none of that word.
    pub fn of(word: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.word() == word).unwrap_or_default()
    }

    const fn status(self) -> Option<AccountStatus> {
        match self {
            Self::Active => Some(AccountStatus::Active),
            Self::Disabled => Some(AccountStatus::Disabled),
            Self::All => None,
        }
    }
}

/// A dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Adds an account.
    Create,
    /// Does something with one.
    With(Deed, ServiceAccountId),
}

/// What is done with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Changes name, description and permissions.
    Edit,
    /// Ends it for good.
    Disable,
}

impl Deed {
    const ALL: [Self; 2] = [Self::Edit, Self::Disable];

    const fn word(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Disable => "disable",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.word() == word)
    }
}

/// The state of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Which accounts.
    pub view: View,
    /// Text at the start of a word of their names.
    pub search: String,
    /// Which page of them, from 1; 0 means the first as well.
    pub page: u32,
    /// What is being done.
    pub task: Option<Task>,
}

impl Address {
    /// Reads a query; what makes no sense in it is left out.
    pub fn of(query: &Query) -> Self {
        let word = |name: &str| query.get(name).unwrap_or_default();
        let task = match (word("do"), ServiceAccountId::parse(word("account"))) {
            ("create", _) => Some(Task::Create),
            (deed, Ok(id)) => Deed::of(deed).map(|deed| Task::With(deed, id)),
            _ => None,
        };
        Self {
            view: View::of(word("status")),
            search: search_of(word("search")),
            page: word("page").parse().unwrap_or_default(),
            task,
        }
    }

    /// What the server is asked for.
    pub fn filter(&self) -> ServiceAccountFilter {
        ServiceAccountFilter { status: self.view.status(), search: self.search.clone() }
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

    /// The address.
    pub fn to_url(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |name: &str, value: &str| parts.push(format!("{name}={}", encode(value)));
        if !self.search.is_empty() {
            add("search", &self.search);
        }
        if self.view != View::default() {
            add("status", self.view.word());
        }
        if self.page > 1 {
            add("page", &self.page.to_string());
        }
        match &self.task {
            Some(Task::Create) => add("do", "create"),
            Some(Task::With(deed, id)) => {
                add("do", deed.word());
                add("account", id.as_str());
            }
            None => {}
        }
        if parts.is_empty() { ACCOUNTS.to_owned() } else { format!("{ACCOUNTS}?{}", parts.join("&")) }
    }
}

/// What is being done on the page of one account.
pub fn deed_of(query: &Query) -> Option<Deed> {
    query.get("do").and_then(Deed::of)
}

/// The page of one account with a dialog.
pub fn page_with(id: &ServiceAccountId, deed: Deed) -> String {
    format!("{}?do={}", page_of_account(id), deed.word())
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
        for pairs in [
            &[][..],
            &[("search", "a&b=c é"), ("status", "disabled"), ("page", "3")],
            &[("status", "all"), ("do", "disable"), ("account", "sa_1")],
            &[("do", "create")],
        ] {
            let address = read(pairs);
            let url = address.to_url();
            let query = url.strip_prefix(ACCOUNTS).unwrap();
            assert_eq!(Address::of(&Query::parse(query)), address, "{url}");
        }
        let address = read(&[("search", "x"), ("page", "2"), ("do", "edit"), ("account", "sa_1")]);
        assert_eq!(address.to_url(), "/service-accounts?search=x&page=2&do=edit&account=sa_1");
        assert_eq!(address.at_page(1).to_url(), "/service-accounts?search=x");
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        for pairs in [
            &[("status", "Active")][..],
            &[("status", "active")],
            &[("page", "x")],
            &[("do", "disable"), ("account", "../..")],
            &[("do", "disable")],
            &[("do", "revoke"), ("account", "sa_1")],
        ] {
            assert_eq!(read(pairs), Address::default(), "{pairs:?}");
        }
    }

    #[test]
    fn a_secret_does_not_stay_in_the_address() {
        let prefix = model::key::KeyPrefix::default();
        let secret = model::key::PlainKey::from_random(&prefix, "0123456789abcdefghijABCDEFGHIJxy");
        assert_eq!(read(&[("search", secret.reveal())]).to_url(), "/service-accounts?search=sk_live_01");
    }

    #[test]
    fn the_page_of_an_account_opens_the_same_dialogs() {
        let id = ServiceAccountId::parse("sa_1").unwrap();
        for deed in Deed::ALL {
            let url = page_with(&id, deed);
            assert_eq!(deed_of(&Query::parse(url.split_once('?').unwrap().1)), Some(deed));
        }
        assert_eq!(deed_of(&Query::parse("do=create")), None);
    }
}
