//! Lists the audit log.

use model::audit::{AUDIT_COUNTED_BEYOND, AuditAction, AuditFilter, AuditPage};
use model::page::PAGE_SIZE_MAX;

use super::AuditTarget;
use crate::actor::Caller;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

impl Service {
    /// Returns a page of audit records, newest first. A page has at most 1,000 records, even if `limit` is greater.
    pub async fn list_audit(
        &self,
        caller: &Caller,
        filter: &AuditFilter,
        skip: u64,
        limit: u32,
    ) -> Result<AuditPage> {
        policy::permit_organization(caller, Action::ReadAudit)?;
        let limit = limit.clamp(1, PAGE_SIZE_MAX);
        let counted = skip.saturating_add(u64::from(limit)).saturating_add(AUDIT_COUNTED_BEYOND);
        let mut db = self.store.read().await?;
        let organization = caller.organization();
        let events = store::audit::list(&mut db, organization, filter, skip, limit).await?;
        let total = store::audit::count(&mut db, organization, filter, counted).await?;
        drop(db);
        self.record_read(caller, AuditAction::AuditLogAccessed, AuditTarget::Organization(organization))
            .await?;
        Ok(AuditPage { events, total })
    }
}
