//! The JSON form of an audit record.

use model::audit::{ActorKind, AuditAction, AuditEvent, AuditResource};
use model::id::AuditId;
use model::{Stored, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A record. The last three members are not the published client's, which ignores them.
#[derive(Serialize, ToSchema)]
pub(super) struct AuditEventResponse<'a> {
    audit_id: &'a AuditId,
    /// When.
    timestamp: Timestamp,
    /// To what kind of thing.
    #[schema(value_type = AuditResource)]
    resource_type: &'a Stored<AuditResource>,
    /// To which one.
    #[schema(examples("key_4mQ8sV2nXb7TzR1cYk0p"))]
    resource_id: &'a str,
    /// What.
    #[schema(value_type = AuditAction)]
    action: &'a Stored<AuditAction>,
    /// By whom: a user's id, also for that user's key.
    #[schema(examples("usr_4mQ8sV2nXb7TzR1cYk0p"))]
    actor_id: &'a str,
    /// By what kind of actor.
    #[schema(value_type = ActorKind)]
    actor_type: &'a Stored<ActorKind>,
    /// What failed changed nothing, so that there is no record of it.
    #[schema(examples("success"))]
    status: &'static str,
    /// Each changed member as `{before, after}`, and never a secret.
    #[schema(examples(json!({"name": {"before": "deploy", "after": "deploy eu"}})))]
    changes: &'a Map<String, Value>,
    /// From which address.
    #[schema(required, examples("203.0.113.9"))]
    ip_address: Option<&'a str>,
    /// With which program.
    #[schema(required, examples("curl/8.5.0"))]
    user_agent: Option<&'a str>,
    /// Who that was at the time, for people.
    #[schema(examples("ada@acme.example"))]
    actor_name: &'a str,
    /// The key that acted.
    #[schema(required, examples("key_4mQ8sV2nXb7TzR1cYk0p"))]
    actor_key_id: Option<&'a str>,
    /// In which request.
    #[schema(required, examples("req_4mQ8sV2nXb7TzR1cYk0p"))]
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
            resource_type: resource,
            resource_id,
            action,
            actor_id,
            actor_type: actor_kind,
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
