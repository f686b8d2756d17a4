//! The row of an audit record.

use model::audit::AuditEvent;
use model::{Stored, Timestamp};

use crate::{Result, decode};

/// The columns of a record with alias `e`, in the order of [`Row`].
macro_rules! columns {
    () => {
        "e.audit_id, e.organization_id, e.happened_at, e.action, e.resource, e.resource_id, e.actor_kind, e.actor_id, \
         e.actor_name, e.actor_key_id, e.changes, e.address, e.agent, e.request_id"
    };
}
pub(crate) use columns;

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    audit_id: String,
    organization_id: String,
    happened_at: i64,
    action: String,
    resource: String,
    resource_id: String,
    actor_kind: String,
    actor_id: String,
    actor_name: String,
    actor_key_id: Option<String>,
    changes: String,
    address: Option<String>,
    agent: Option<String>,
    request_id: Option<String>,
}

impl TryFrom<Row> for AuditEvent {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row {
            audit_id,
            organization_id,
            happened_at,
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
        } = row;
        Ok(Self {
            audit_id: decode::text(audit_id, "an audit record's id")?,
            organization_id: decode::text(organization_id, "an audit record's organization")?,
            at: Timestamp::from_micros(happened_at),
            action: Stored::from_word(action),
            resource: Stored::from_word(resource),
            resource_id,
            actor_kind: Stored::from_word(actor_kind),
            actor_id,
            actor_name,
            actor_key_id,
            changes: decode::json(&changes, "an audit record's changes")?,
            address,
            agent,
            request_id,
        })
    }
}
