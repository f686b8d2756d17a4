//! Adds records to the audit log.

use model::audit::{AuditAction, AuditEvent};

use crate::db::{Tx, build};
use crate::{Result, decode};

/// Rows per statement. Each has 15 values, and SQLite allows 32,766 values in a statement.
const ROWS_MAX: usize = 500;

pub async fn insert(tx: &mut Tx, event: &AuditEvent) -> Result<()> {
    insert_many(tx, std::slice::from_ref(event)).await
}

/// Adds many records with few statements.
pub async fn insert_many(tx: &mut Tx, events: &[AuditEvent]) -> Result<()> {
    for events in events.chunks(ROWS_MAX) {
        let changes = events.iter().map(|event| decode::to_json(&event.changes, "changes"));
        let changes = changes.collect::<Result<Vec<_>>>()?;
        insert_rows(tx, events, &changes).await?;
    }
    Ok(())
}

async fn insert_rows(tx: &mut Tx, events: &[AuditEvent], changes: &[String]) -> Result<()> {
    build!(
        tx,
        "INSERT INTO audit_events (audit_id, organization_id, happened_at, action, is_read, resource, \
         resource_id, actor_kind, actor_id, actor_name, actor_key_id, changes, address, agent, request_id) ",
        |builder| {
            builder.push_values(events.iter().zip(changes), |mut row, (event, changes)| {
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
                    changes: _,
                    address,
                    agent,
                    request_id,
                } = event;
                row.push_bind(audit_id.as_str()).push_bind(organization_id.as_str()).push_bind(at.micros());
                let is_read = action.known().is_some_and(AuditAction::is_read);
                row.push_bind(action.as_str()).push_bind(is_read).push_bind(resource.as_str());
                row.push_bind(resource_id).push_bind(actor_kind.as_str()).push_bind(actor_id);
                row.push_bind(actor_name).push_bind(actor_key_id.as_deref()).push_bind(changes);
                row.push_bind(address.as_deref())
                    .push_bind(agent.as_deref())
                    .push_bind(request_id.as_deref());
            });
        },
        execute
    )?;
    Ok(())
}
