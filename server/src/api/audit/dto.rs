//! The JSON form of an audit record.

use model::audit::{ActorKind, AuditAction, AuditEvent, AuditResource};
use model::id::AuditId;
use model::{Stored, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// An audit record. The last three fields are unknown to the published client, which ignores them.
#[derive(Serialize, ToSchema)]
pub(super) struct AuditEventResponse<'a> {
    audit_id: &'a AuditId,
    /// When the action happened.
    timestamp: Timestamp,
    /// The type of the resource.
    #[schema(value_type = AuditResource)]
    resource_type: &'a Stored<AuditResource>,
    /// The id of the resource.
    #[schema(examples("key_4mQ8sV2nXb7TzR1cYk0p"))]
    resource_id: &'a str,
    /// The action.
    #[schema(value_type = AuditAction)]
    action: &'a Stored<AuditAction>,
    /// The id of the actor. For a key, it is the id of its owner.
    #[schema(examples("usr_4mQ8sV2nXb7TzR1cYk0p"))]
    actor_id: &'a str,
    /// The kind of actor.
    #[schema(value_type = ActorKind)]
    actor_type: &'a Stored<ActorKind>,
    /// Always `success`. Failed requests are not recorded, except for sign-ins, whose action is `sign_in_failed`.
    #[schema(examples("success"))]
    status: &'static str,
    /// Each changed field as `{before, after}`. Never contains a secret.
    #[schema(examples(json!({"name": {"before": "deploy", "after": "deploy eu"}})))]
    changes: &'a Map<String, Value>,
    /// The client address of the request.
    #[schema(required, examples("203.0.113.9"))]
    ip_address: Option<&'a str>,
    /// The user agent of the request.
    #[schema(required, examples("curl/8.5.0"))]
    user_agent: Option<&'a str>,
    /// The name of the actor at that time.
    #[schema(examples("ada@acme.example"))]
    actor_name: &'a str,
    /// The id of the key that acted.
    #[schema(required, examples("key_4mQ8sV2nXb7TzR1cYk0p"))]
    actor_key_id: Option<&'a str>,
    /// The id of the request.
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
