//! The paths of the pages about service accounts: which service accounts are listed, and which dialog is open.

use model::id::ServiceAccountId;
use model::service_account::{AccountStatus, ServiceAccountFilter};

use crate::components::list_page::{ItemDialog, ListFilter, ListPath};
use crate::paths;
use crate::query::{Query, search_of};

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

/// What a dialog does with a service account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceAccountDialog {
    /// Changes name, description and permissions.
    Edit,
    /// Disables the service account for good.
    Disable,
}

impl ItemDialog for ServiceAccountDialog {
    type Id = ServiceAccountId;

    const LIST: &'static str = paths::SERVICE_ACCOUNTS;
    const ITEM: &'static str = "account";
    const NEW: (&'static str, &'static str) = ("create", "Create a service account");
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Edit, "edit", "Edit the service account"),
        (Self::Disable, "disable", "Disable the service account"),
    ];
}

/// The conditions that limit the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    pub view: View,
    /// Text at the beginning of a word of the service account's name.
    pub search: String,
}

impl Listed {
    /// The filter that is sent to the server.
    pub fn filter(self) -> ServiceAccountFilter {
        ServiceAccountFilter { status: self.view.status(), search: self.search }
    }
}

impl ListFilter for Listed {
    fn of(query: &Query) -> Self {
        let word = |name: &str| query.get(name).unwrap_or_default();
        Self { view: View::of(word("status")), search: search_of(word("search")) }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let Self { view, search } = self;
        let search = (!search.is_empty()).then(|| ("search", search.clone()));
        let status = (*view != View::default()).then(|| ("status", view.word().to_owned()));
        [search, status].into_iter().flatten().collect()
    }
}

/// The state of the list page, which its path contains.
pub type ServiceAccountsPath = ListPath<Listed, ServiceAccountDialog>;

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
    use model::percent::encode;

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
            &[("search", "\0")],
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
        for (dialog, ..) in ServiceAccountDialog::ALL.iter().copied() {
            let text = page_with(&id, dialog);
            assert_eq!(dialog_of(&Query::parse(text.split_once('?').unwrap().1)), Some(dialog));
        }
        assert_eq!(dialog_of(&Query::parse("do=create")), None);
    }
}
