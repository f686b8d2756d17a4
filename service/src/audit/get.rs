//! Reads one audit record.

use model::audit::{AuditAction, AuditEvent};
use model::id::AuditId;

use super::AuditTarget;
use crate::actor::Caller;
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::Service;

impl Service {
    /// Returns an audit record of the caller's organization.
    pub async fn get_audit_event(&self, caller: &Caller, id: &AuditId) -> Result<AuditEvent> {
        policy::permit_organization(caller, Action::ReadAudit)?;
        let mut db = self.store.read().await?;
        let found = store::audit::find(&mut db, caller.organization(), id).await?;
        drop(db);
        let event = found.ok_or(Error::NotFound("There is no such audit record."))?;
        let target = AuditTarget::Organization(caller.organization());
        self.record_read(caller, AuditAction::AuditLogAccessed, target).await?;
        Ok(event)
    }
}
