//! Adding records.

use model::audit::AuditEvent;

use crate::db::{Tx, run};
use crate::{Result, decode};

/// Adds a record.
pub async fn insert(tx: &mut Tx, event: &AuditEvent) -> Result<()> {
    const SQL: &str = "INSERT INTO audit_events (audit_id, organization_id, happened_at, action, is_read, \
        resource, resource_id, actor_kind, actor_id, actor_name, actor_key_id, changes, address, agent, request_id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let AuditEvent {
        audit_id,
        organization_id,
        at,
        action,
        resource,
        resource_id,
        actor_kind,
        actor_id,
        actor_name,
        actor_key_id,
        changes,
        address,
        agent,
        request_id,
    } = event;
    let changes = decode::to_json(changes, "changes")?;
    run!(
        tx,
        SQL,
        [
            audit_id.as_str(),
            organization_id.as_str(),
            at.micros(),
            action.as_str(),
            action.is_read(),
            resource.as_str(),
            resource_id,
            actor_kind.as_str(),
            actor_id,
            actor_name,
            actor_key_id.as_deref(),
            &changes,
            address.as_deref(),
            agent.as_deref(),
            request_id.as_deref(),
        ],
        execute
    )?;
    Ok(())
}
