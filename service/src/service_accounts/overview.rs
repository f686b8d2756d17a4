//! Service accounts as an admin looks at them: with their keys, their maker, and what happened to them.

use model::audit::{AuditAction, AuditEvent};
use model::id::ServiceAccountId;
use model::page::PAGE_SIZE_MAX;
use model::service_account::{
    AccountUse, ServiceAccount, ServiceAccountDetails, ServiceAccountFilter, ServiceAccountRow,
    ServiceAccountRows,
};
use store::Connection;

use crate::actor::Caller;
use crate::audit::Subject;
use crate::error::Result;
use crate::keys::names;
use crate::policy::{self, Action};
use crate::state::Service;

/// Records of an account's history that its page shows.
const HISTORY_MAX: u32 = 100;

impl Service {
    /// Some accounts, oldest first, each with what depends on it: at most 1000 at once, whatever is asked for.
    pub async fn page_service_accounts(
        &self,
        caller: &Caller,
        filter: &ServiceAccountFilter,
        skip: u64,
        limit: u32,
    ) -> Result<ServiceAccountRows> {
        may_look_closely(caller)?;
        self.note_expired().await?;
        let organization = caller.organization();
        let limit = limit.clamp(1, PAGE_SIZE_MAX);
        let mut db = self.store.read().await?;
        let page = store::service_accounts::list(&mut db, organization, filter, skip, limit).await?;
        let every = ServiceAccountFilter::default();
        let all = if *filter == every {
            page.total
        } else {
            store::service_accounts::list(&mut db, organization, &every, 0, 1).await?.total
        };
        let mut uses = self.uses_of(&mut db, &page.accounts).await?;
        drop(db);
        self.record_read(caller, AuditAction::ServiceAccountAccessed, Subject::Organization(organization))
            .await?;
        let rows = page.accounts.into_iter().map(|account| {
            let usage = uses.remove(&account.service_account_id).unwrap_or_default();
            ServiceAccountRow { account, usage }
        });
        Ok(ServiceAccountRows { rows: rows.collect(), total: page.total, all })
    }

    /// An account, disabled or not, with what depends on it and who made it.
    pub async fn service_account_details(
        &self,
        caller: &Caller,
        id: &ServiceAccountId,
    ) -> Result<ServiceAccountDetails> {
        may_look_closely(caller)?;
        self.note_expired().await?;
        let account = self.get_service_account(caller, id).await?;
        let mut db = self.store.read().await?;
        let mut uses = self.uses_of(&mut db, std::slice::from_ref(&account)).await?;
        let usage = uses.remove(id).unwrap_or_default();
        let creator = names(&mut db, account.created_by.iter()).await?.into_values().next();
        let creator = creator.map(|(email, name)| if email.is_empty() { name } else { email });
        Ok(ServiceAccountDetails { account, usage, creator })
    }

    /// What happened to an account, newest first.
    pub async fn service_account_history(
        &self,
        caller: &Caller,
        id: &ServiceAccountId,
    ) -> Result<Vec<AuditEvent>> {
        let account = self.get_service_account(caller, id).await?;
        let mut db = self.store.read().await?;
        let (organization, id) = (caller.organization(), account.service_account_id);
        let events = store::audit::changes_of(&mut db, organization, id.as_str(), HISTORY_MAX).await?;
        drop(db);
        self.record_read(caller, AuditAction::AuditLogAccessed, Subject::ServiceAccount(&id)).await?;
        Ok(events)
    }

    /// Nothing depends on a disabled account, also before all its keys are stored as revoked.
    async fn uses_of(
        &self,
        db: &mut impl Connection,
        accounts: &[ServiceAccount],
    ) -> Result<std::collections::HashMap<ServiceAccountId, AccountUse>> {
        let active = accounts.iter().filter(|account| account.disabled_at.is_none());
        let ids: Vec<_> = active.map(|account| account.service_account_id.clone()).collect();
        Ok(store::keys::uses_of_accounts(db, &ids, self.clock.now()).await?.into_iter().collect())
    }
}

/// How many keys an account has is told to whoever may see both all accounts and all keys.
fn may_look_closely(caller: &Caller) -> Result<()> {
    for action in [Action::ReadServiceAccounts, Action::ReadKeys] {
        policy::permit(caller, action)?;
        policy::check_organization(caller, action)?;
    }
    policy::reach_accounts(caller)
}
