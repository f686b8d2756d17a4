//! One record.

use model::audit::{AuditAction, AuditEvent};
use model::id::AuditId;

use super::Subject;
use crate::actor::Caller;
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::Service;

impl Service {
    /// A record of the organization's log.
    pub async fn get_audit_event(&self, caller: &Caller, id: &AuditId) -> Result<AuditEvent> {
        policy::permit_organization(caller, Action::ReadAudit)?;
        let mut db = self.store.read().await?;
        let found = store::audit::find(&mut db, caller.organization(), id).await?;
        drop(db);
        let event = found.ok_or(Error::NotFound("There is no such audit record."))?;
        let subject = Subject::Organization(caller.organization());
        self.record_read(caller, AuditAction::AuditLogAccessed, subject).await?;
        Ok(event)
    }
}
