//! Service accounts as the console shows them: with the use of their keys, their creator and their history.

use model::audit::{AuditAction, AuditEvent};
use model::id::ServiceAccountId;
use model::page::PAGE_SIZE_MAX;
use model::service_account::{
    AccountUse, ServiceAccount, ServiceAccountDetails, ServiceAccountFilter, ServiceAccountRow,
    ServiceAccountRows,
};
use store::Connection;

use crate::actor::Caller;
use crate::audit::AuditTarget;
use crate::error::Result;
use crate::keys::names;
use crate::policy::{self, Action};
use crate::state::Service;

/// Maximum number of audit records in a service account's history.
const HISTORY_MAX: u32 = 100;

impl Service {
    /// Returns a page of service accounts, oldest first, each with the use of its keys. A page has at most 1,000, even
    /// if `limit` is greater.
    pub async fn page_service_accounts(
        &self,
        caller: &Caller,
        filter: &ServiceAccountFilter,
        skip: u64,
        limit: u32,
    ) -> Result<ServiceAccountRows> {
        permit_details(caller)?;
        self.record_expired().await?;
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
        self.record_read(
            caller,
            AuditAction::ServiceAccountAccessed,
            AuditTarget::Organization(organization),
        )
        .await?;
        let rows = page.accounts.into_iter().map(|account| {
            let usage = uses.remove(&account.service_account_id).unwrap_or_default();
            ServiceAccountRow { account, usage }
        });
        Ok(ServiceAccountRows { rows: rows.collect(), total: page.total, all })
    }

    /// Returns a service account, disabled or not, with the use of its keys and its creator.
    pub async fn service_account_details(
        &self,
        caller: &Caller,
        id: &ServiceAccountId,
    ) -> Result<ServiceAccountDetails> {
        permit_details(caller)?;
        self.record_expired().await?;
        let account = self.get_service_account(caller, id).await?;
        let mut db = self.store.read().await?;
        let mut uses = self.uses_of(&mut db, std::slice::from_ref(&account)).await?;
        let usage = uses.remove(id).unwrap_or_default();
        let creator = names(&mut db, account.created_by.iter()).await?.into_values().next();
        let creator = creator.map(|(email, name)| if email.is_empty() { name } else { email });
        Ok(ServiceAccountDetails { account, usage, creator })
    }

    /// Returns the audit records of a service account's changes, newest first.
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
        self.record_read(caller, AuditAction::AuditLogAccessed, AuditTarget::ServiceAccount(&id)).await?;
        Ok(events)
    }

    /// Reads the use of the active accounts' keys. A disabled account has none, even before all its keys are stored as
    /// revoked.
    async fn uses_of(
        &self,
        db: &mut impl Connection,
        accounts: &[ServiceAccount],
    ) -> Result<std::collections::HashMap<ServiceAccountId, AccountUse>> {
        let active = accounts.iter().filter(|account| account.disabled_at.is_none());
        let ids: Vec<_> = active.map(|account| account.service_account_id.clone()).collect();
        Ok(store::keys::uses_of_service_accounts(db, &ids, self.clock.now()).await?.into_iter().collect())
    }
}

/// The number of an account's keys is shown only to callers who may see all accounts and all keys.
fn permit_details(caller: &Caller) -> Result<()> {
    for action in [Action::ReadServiceAccounts, Action::ReadKeys] {
        policy::permit(caller, action)?;
        policy::check_organization(caller, action)?;
    }
    policy::permit_service_accounts(caller)
}
