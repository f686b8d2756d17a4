//! Finds the members and service accounts for which keys can be created.

use model::key::{FoundOwner, KeyOwner};
use model::service_account::{AccountStatus, ServiceAccount, ServiceAccountFilter};
use model::user::{User, UserFilter, UserStatus};

use crate::actor::{Caller, Owner};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::Service;

/// Maximum number of members, and of service accounts, in one search.
const FOUND_MAX: u32 = 20;

impl Service {
    /// Finds members whose name or e-mail has a word that begins with the text, and active service accounts if the
    /// caller may see them. The owner that was `chosen` before is included even if the text does not match.
    pub async fn find_owners(
        &self,
        caller: &Caller,
        text: &str,
        chosen: Option<&KeyOwner>,
    ) -> Result<Vec<FoundOwner>> {
        let filter = UserFilter { search: text.to_owned(), ..UserFilter::default() };
        let users = self.list_users(caller, &filter, 0, FOUND_MAX).await?.users;
        let mut found: Vec<_> = users.into_iter().map(member).collect();
        if policy::permit(caller, Action::ReadServiceAccounts).is_ok() {
            let active = Some(AccountStatus::Active);
            let filter = ServiceAccountFilter { search: text.to_owned(), status: active };
            let accounts = self.list_service_accounts(caller, &filter, 0, FOUND_MAX).await?.accounts;
            found.extend(accounts.into_iter().map(account));
        }
        if let Some(chosen) = chosen.filter(|chosen| found.iter().all(|one| one.owner != **chosen)) {
            found.extend(self.find_owner(caller, chosen).await?);
        }
        Ok(found)
    }

    /// Finds one owner. Returns `None` if it does not exist or the caller may not see it.
    async fn find_owner(&self, caller: &Caller, id: &KeyOwner) -> Result<Option<FoundOwner>> {
        let found = match id {
            KeyOwner::User(id) => self.get_user(caller, &Owner::Id(id.clone())).await.map(member),
            KeyOwner::ServiceAccount(id) => self.get_service_account(caller, id).await.map(account),
        };
        match found {
            Ok(found) => Ok(Some(found)),
            Err(Error::NotFound(_) | Error::Forbidden(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn member(user: User) -> FoundOwner {
    let User { user_id, user_name, email, role, status, .. } = user;
    FoundOwner {
        owner: user_id.into(),
        name: user_name,
        email: Some(email.to_string()),
        role: Some(role),
        is_active: status == UserStatus::Active,
    }
}

fn account(account: ServiceAccount) -> FoundOwner {
    let is_active = account.status() == AccountStatus::Active;
    let ServiceAccount { service_account_id, name, .. } = account;
    FoundOwner { owner: service_account_id.into(), name, email: None, role: None, is_active }
}
