//! The JSON form of a gateway.

use model::Timestamp;
use model::gateway::{Gateway, GatewayRow, HandedHeader, Otherwise, RuleAccess};
use model::id::{GatewayId, OrganizationId};
use model::key::{KeyOwner, Operation, Permission, ResourceType};
use serde::Serialize;
use utoipa::ToSchema;

/// A gateway.
#[derive(Serialize, ToSchema)]
pub struct GatewayModel<'a> {
    gateway_id: &'a GatewayId,
    organization_id: &'a OrganizationId,
    #[schema(examples("Public API"))]
    name: &'a str,
    /// The header in which clients send their key.
    #[schema(examples("Authorization"))]
    key_header: &'a str,
    /// The first rule that matches a request decides.
    rules: Vec<RuleModel<'a>>,
    /// What applies if no rule matches.
    otherwise: Otherwise,
    /// The identity headers that the upstream receives.
    headers: Vec<HandedHeader>,
    /// Whether the key itself is hidden from the upstream.
    #[schema(examples(true))]
    hide_key: bool,
    /// The id of the creator.
    #[schema(required)]
    created_by: Option<&'a KeyOwner>,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// When the first request with a valid key passed. Null if none has.
    #[schema(required)]
    first_seen_at: Option<Timestamp>,
    /// When the proxy last asked about a request, with any outcome.
    #[schema(required)]
    last_seen_at: Option<Timestamp>,
}

/// What a request with a certain method and path needs.
#[derive(Serialize, ToSchema)]
struct RuleModel<'a> {
    /// The method. Null for any.
    #[schema(required, examples("GET"))]
    method: Option<&'a str>,
    #[schema(examples("/v1/buckets/{bucket}/**"))]
    path: &'a str,
    /// Which requests pass.
    access: RuleAccess,
    /// The permission that the key must have.
    #[schema(required)]
    permission: Option<Permission>,
    /// The resource that the scopes of the key must cover.
    #[schema(required)]
    resource: Option<RuleResourceModel>,
}

/// The resource that a request is about.
#[derive(Serialize, ToSchema)]
struct RuleResourceModel {
    /// The type of the resource.
    r#type: ResourceType,
    /// An id, or the name of a segment of the path in braces.
    #[schema(examples("{bucket}"))]
    id: String,
    /// The operation on the resource.
    #[schema(required)]
    operation: Option<Operation>,
}

impl<'a> From<&'a GatewayRow> for GatewayModel<'a> {
    fn from(row: &'a GatewayRow) -> Self {
        let GatewayRow { gateway, first_seen_at, last_seen_at } = row;
        let Gateway {
            gateway_id,
            organization_id,
            name,
            key_header,
            rules,
            otherwise,
            headers,
            hide_key,
            created_by,
            created_at,
            updated_at,
        } = gateway;
        let rules = rules.iter().map(|rule| RuleModel {
            method: rule.method.as_ref().map(model::gateway::RuleMethod::as_str),
            path: rule.path.as_str(),
            access: rule.access,
            permission: rule.permission,
            resource: rule.resource.as_ref().map(|resource| RuleResourceModel {
                r#type: resource.resource_type,
                id: resource.id.clone().into(),
                operation: resource.operation,
            }),
        });
        Self {
            gateway_id,
            organization_id,
            name,
            key_header: key_header.as_str(),
            rules: rules.collect(),
            otherwise: *otherwise,
            headers: headers.iter().collect(),
            hide_key: *hide_key,
            created_by: created_by.as_ref(),
            created_at: *created_at,
            updated_at: *updated_at,
            first_seen_at: *first_seen_at,
            last_seen_at: *last_seen_at,
        }
    }
}
