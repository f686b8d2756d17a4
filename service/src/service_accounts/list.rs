//! Lists service accounts.

use model::audit::AuditAction;
use model::page::PAGE_SIZE_MAX;
use model::service_account::{ServiceAccountFilter, ServiceAccountPage};

use crate::actor::Caller;
use crate::audit::AuditTarget;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

impl Service {
    /// Returns a page of service accounts, oldest first. A page has at most 1,000, even if `limit` is greater.
    pub async fn list_service_accounts(
        &self,
        caller: &Caller,
        filter: &ServiceAccountFilter,
        skip: u64,
        limit: u32,
    ) -> Result<ServiceAccountPage> {
        policy::permit_organization(caller, Action::ReadServiceAccounts)?;
        let mut db = self.store.read().await?;
        let limit = limit.clamp(1, PAGE_SIZE_MAX);
        let page = store::service_accounts::list(&mut db, caller.organization(), filter, skip, limit).await?;
        drop(db);
        let target = AuditTarget::Organization(caller.organization());
        self.record_read(caller, AuditAction::ServiceAccountAccessed, target).await?;
        Ok(page)
    }
}
