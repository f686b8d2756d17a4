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

/// The key that asks, and where it belongs.
#[derive(Serialize, ToSchema)]
struct MeResponse<'a> {
    organization_id: &'a OrganizationId,
    /// The name of the organization.
    #[schema(examples("Acme"))]
    organization_name: &'a str,
    /// Always `enterprise`.
    account_type: AccountType,
    /// The owner's e-mail. A service account has none.
    #[schema(required, examples("ada@acme.example"))]
    user_email: Option<&'a str>,
    key: MeKey<'a>,
    /// Requests per minute by kind of work, for programs that ask.
    rate_limits: RateLimits,
    /// Keys here are never held to a principal of somebody else's system.
    #[schema(examples(false))]
    principal_scoped: bool,
}

/// What a key is.
#[derive(Serialize, ToSchema)]
struct MeKey<'a> {
    name: &'a KeyName,
    /// Always `standard`.
    #[schema(examples("standard"))]
    key_type: &'static str,
    /// What the key may do.
    permissions: Permissions,
    /// From when on it is refused; null for never.
    #[schema(required)]
    expires_at: Option<Timestamp>,
}

#[utoipa::path(
    get,
    path = "/v1/me",
    tag = "Organization",
    operation_id = "whoami_me",
    summary = "Who am I",
    description = "Tells any valid key what it is and where it belongs.",
    responses((status = 200, description = "The key that asks.", body = MeResponse)),
)]
pub(super) async fn me(call: Call) -> Result<Response, Failure> {
    let organization = call.service.own_organization(&call.caller).await?;
    let Actor::Key(actor) = &call.caller.actor else {
        return Err(service::Error::Forbidden("Only a key can ask this.").into());
    };
    let key = &actor.key;
    Ok(response::ok(MeResponse {
        organization_id: &organization.organization_id,
        organization_name: &organization.name,
        account_type: AccountType::Enterprise,
        user_email: match &actor.holder {
            KeyActorOwner::User { email, .. } => Some(email),
            KeyActorOwner::ServiceAccount { .. } => None,
        },
        key: MeKey {
            name: &key.name,
            key_type: "standard",
            permissions: key.permissions,
            expires_at: key.expires_at,
        },
        rate_limits: organization.rate_limits,
        principal_scoped: false,
    }))
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(me))]
pub(super) struct Operations;
