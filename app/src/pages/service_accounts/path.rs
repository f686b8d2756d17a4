//! The paths of the pages about service accounts: which service accounts are listed, and which dialog is open.
//! Because this is in the path, every dialog is a link, works before WebAssembly arrives, and closes with the
//! browser's Back button.

use model::{
    id::ServiceAccountId,
    service_account::{AccountStatus, ServiceAccountFilter},
};

use crate::{
    paths,
    query::{Query, encode, search_of},
};

/// Which service accounts the list shows: the active ones by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum View {
    #[default]
    Active,
    Disabled,
    All,
}

impl View {
    /// All views, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Active, Self::Disabled, Self::All];

    /// The value of `status` in the page's path.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::All => "all",
        }
    }

    /// The view that a word in the path names, or the default if there is no such view.
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

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenDialog {
    Create,
    /// A dialog about one service account.
    With(ServiceAccountDialog, ServiceAccountId),
}

/// What a dialog does with a service account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceAccountDialog {
    /// Changes name, description and permissions.
    Edit,
    /// Disables the service account for good.
    Disable,
}

impl ServiceAccountDialog {
    const ALL: [Self; 2] = [Self::Edit, Self::Disable];

    const fn word(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Disable => "disable",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialog| dialog.word() == word)
    }
}

/// The state of the list page, as its path holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceAccountsPath {
    pub view: View,
    /// Text at the beginning of a word of the service account's name.
    pub search: String,
    /// The number of the page, from 1. 0 also means the first page.
    pub page: u32,
    /// The open dialog.
    pub task: Option<OpenDialog>,
}

impl ServiceAccountsPath {
    /// Reads a query. Unknown and malformed values are replaced by defaults.
    pub fn of(query: &Query) -> Self {
        let word = |name: &str| query.get(name).unwrap_or_default();
        let task = match (word("do"), ServiceAccountId::parse(word("account"))) {
            ("create", _) => Some(OpenDialog::Create),
            (dialog, Ok(id)) => ServiceAccountDialog::of(dialog).map(|dialog| OpenDialog::With(dialog, id)),
            _ => None,
        };
        Self {
            view: View::of(word("status")),
            search: search_of(word("search")),
            page: word("page").parse().unwrap_or_default(),
            task,
        }
    }

    /// The filter that is sent to the server.
    pub fn filter(&self) -> ServiceAccountFilter {
        ServiceAccountFilter { status: self.view.status(), search: self.search.clone() }
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

    pub fn to_path(&self) -> String {
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
            Some(OpenDialog::Create) => add("do", "create"),
            Some(OpenDialog::With(dialog, id)) => {
                add("do", dialog.word());
                add("account", id.as_str());
            }
            None => {}
        }
        paths::with_query(paths::SERVICE_ACCOUNTS, &parts)
    }
}

/// The dialog that is open on the page of one service account, if any.
pub fn dialog_of(query: &Query) -> Option<ServiceAccountDialog> {
    query.get("do").and_then(ServiceAccountDialog::of)
}

/// The path of the page of one service account with a dialog open.
pub fn page_with(id: &ServiceAccountId, dialog: ServiceAccountDialog) -> String {
    format!("{}?do={}", paths::service_account(id), dialog.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> ServiceAccountsPath {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        ServiceAccountsPath::of(&Query::parse(&pairs.join("&")))
    }

    #[test]
    fn an_address_can_be_parsed_again() {
        for pairs in [
            &[][..],
            &[("search", "a&b=c é"), ("status", "disabled"), ("page", "3")],
            &[("status", "all"), ("do", "disable"), ("account", "sa_1")],
            &[("do", "create")],
        ] {
            let path = read(pairs);
            let text = path.to_path();
            let query = text.strip_prefix(paths::SERVICE_ACCOUNTS).unwrap();
            assert_eq!(ServiceAccountsPath::of(&Query::parse(query)), path, "{text}");
        }
        let path = read(&[("search", "x"), ("page", "2"), ("do", "edit"), ("account", "sa_1")]);
        assert_eq!(path.to_path(), "/service-accounts?search=x&page=2&do=edit&account=sa_1");
        assert_eq!(path.at_page(1).to_path(), "/service-accounts?search=x");
    }

    #[test]
    fn invalid_parameters_are_ignored() {
        for pairs in [
            &[("status", "Active")][..],
            &[("status", "active")],
            &[("page", "x")],
            &[("do", "disable"), ("account", "../..")],
            &[("do", "disable")],
            &[("do", "revoke"), ("account", "sa_1")],
        ] {
            assert_eq!(read(pairs), ServiceAccountsPath::default(), "{pairs:?}");
        }
    }

    #[test]
    fn a_secret_does_not_stay_in_the_address() {
        let prefix = model::key::KeyPrefix::default();
        let secret = model::key::PlainKey::from_random(&prefix, "0123456789abcdefghijABCDEFGHIJxy");
        assert_eq!(read(&[("search", secret.reveal())]).to_path(), "/service-accounts?search=sk_live_01");
    }

    #[test]
    fn the_page_of_a_service_account_opens_the_same_dialogs() {
        let id = ServiceAccountId::parse("sa_1").unwrap();
        for dialog in ServiceAccountDialog::ALL {
            let text = page_with(&id, dialog);
            assert_eq!(dialog_of(&Query::parse(text.split_once('?').unwrap().1)), Some(dialog));
        }
        assert_eq!(dialog_of(&Query::parse("do=create")), None);
    }
}
