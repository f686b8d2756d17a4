//! The list of service accounts.

use model::audit::AuditAction;
use model::page::PAGE_SIZE_MAX;
use model::service_account::{ServiceAccountFilter, ServiceAccountPage};

use crate::actor::Caller;
use crate::audit::Subject;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

impl Service {
    /// Some accounts, oldest first: at most 1000 at once, whatever is asked for.
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
        let subject = Subject::Organization(caller.organization());
        self.record_read(caller, AuditAction::ServiceAccountAccessed, subject).await?;
        Ok(page)
    }
}
