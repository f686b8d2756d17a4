//! `GET /v1/me`: describes the key with which it is called.

use axum::response::Response;
use model::Timestamp;
use model::id::OrganizationId;
use model::key::{KeyName, Permissions};
use model::organization::{AccountType, RateLimits};
use serde::Serialize;
use service::{Actor, KeyActorOwner};
use utoipa::ToSchema;

use super::http::call::Call;
use super::http::failure::Failure;
use super::http::response;

/// The caller's key, and the organization that it belongs to.
#[derive(Serialize, ToSchema)]
struct MeResponse<'a> {
    organization_id: &'a OrganizationId,
    /// The name of the organization.
    #[schema(examples("Acme"))]
    organization_name: &'a str,
    /// Always `enterprise`.
    account_type: AccountType,
    /// The e-mail address of the owner. Absent for a service account.
    #[schema(required, examples("ada@acme.example"))]
    user_email: Option<&'a str>,
    key: MeKey<'a>,
    /// Requests per minute by kind of work, for programs that read them.
    rate_limits: RateLimits,
    /// Always false. Keys are never limited to a principal of another system.
    #[schema(examples(false))]
    principal_scoped: bool,
}

/// The caller's key.
#[derive(Serialize, ToSchema)]
struct MeKey<'a> {
    name: &'a KeyName,
    /// Always `standard`.
    #[schema(examples("standard"))]
    key_type: &'static str,
    /// What the key may do.
    permissions: Permissions,
    /// When the key expires. Null if it never does.
    #[schema(required)]
    expires_at: Option<Timestamp>,
}

#[utoipa::path(
    get,
    path = "/v1/me",
    tag = "Organization",
    operation_id = "whoami_me",
    summary = "Get the caller's key",
    description = "Returns the key that the request was sent with, and the organization that it belongs to. Every valid \
                   key may use this endpoint.",
    responses((status = 200, description = "The caller's key.", body = MeResponse)),
)]
pub(super) async fn me(call: Call) -> Result<Response, Failure> {
    let organization = call.service.own_organization(&call.caller).await?;
    let Actor::Key(actor) = &call.caller.actor else {
        return Err(service::Error::Forbidden("Send an API key. Only API keys can use this endpoint.").into());
    };
    let key = &actor.key;
    Ok(response::ok(MeResponse {
        organization_id: &organization.organization_id,
        organization_name: &organization.name,
        account_type: AccountType::Enterprise,
        user_email: match &actor.owner {
            KeyActorOwner::User { email, .. } => Some(email),
            KeyActorOwner::ServiceAccount { .. } => None,
        },
        key: MeKey {
            name: &key.fields.name,
            key_type: "standard",
            permissions: key.fields.permissions,
            expires_at: key.fields.expires_at,
        },
        rate_limits: organization.rate_limits,
        principal_scoped: false,
    }))
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(me))]
pub(super) struct Operations;
