//! A record of the audit log on the wire.

use model::Timestamp;
use model::audit::{ActorKind, AuditAction, AuditEvent, AuditResource};
use model::id::AuditId;
use serde::Serialize;
use serde_json::{Map, Value};

/// A record. The last three members are not the published client's, which ignores them.
#[derive(Serialize)]
pub(super) struct AuditEventResponse<'a> {
    audit_id: &'a AuditId,
    timestamp: Timestamp,
    resource_type: AuditResource,
    resource_id: &'a str,
    action: AuditAction,
    actor_id: &'a str,
    actor_type: ActorKind,
    /// What failed changed nothing, so that there is no record of it.
    status: &'static str,
    changes: &'a Map<String, Value>,
    ip_address: Option<&'a str>,
    user_agent: Option<&'a str>,
    actor_name: &'a str,
    actor_key_id: Option<&'a str>,
    request_id: Option<&'a str>,
}

impl<'a> From<&'a AuditEvent> for AuditEventResponse<'a> {
    fn from(event: &'a AuditEvent) -> Self {
        let AuditEvent {
            audit_id,
            organization_id: _the_callers_own,
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
        Self {
            audit_id,
            timestamp: *at,
            resource_type: *resource,
            resource_id,
            action: *action,
            actor_id,
            actor_type: *actor_kind,
            status: "success",
            changes,
            ip_address: address.as_deref(),
            user_agent: agent.as_deref(),
            actor_name,
            actor_key_id: actor_key_id.as_deref(),
            request_id: request_id.as_deref(),
        }
    }
}
