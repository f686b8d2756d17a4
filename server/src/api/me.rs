//! `GET /v1/me`

use axum::response::Response;
use model::Timestamp;
use model::id::OrganizationId;
use model::key::{KeyName, Permissions};
use model::organization::{AccountType, RateLimits};
use serde::Serialize;
use service::{Actor, KeyHolder};

use super::answer;
use super::call::Call;
use super::failure::Failure;

/// The key that asks, and where it belongs.
#[derive(Serialize)]
struct MeResponse<'a> {
    organization_id: &'a OrganizationId,
    organization_name: &'a str,
    account_type: AccountType,
    /// A service account has none.
    user_email: Option<&'a str>,
    key: MeKey<'a>,
    rate_limits: RateLimits,
    /// Keys here are never held to a principal of somebody else's system.
    principal_scoped: bool,
}

#[derive(Serialize)]
struct MeKey<'a> {
    name: &'a KeyName,
    key_type: &'static str,
    permissions: Permissions,
    expires_at: Option<Timestamp>,
}

/// Tells a key what it is.
pub(super) async fn me(call: Call) -> Result<Response, Failure> {
    let organization = call.service.own_organization(&call.caller).await?;
    let Actor::Key(actor) = &call.caller.actor else {
        return Err(service::Error::Forbidden("Only a key can ask this.").into());
    };
    let key = &actor.key;
    Ok(answer::ok(MeResponse {
        organization_id: &organization.organization_id,
        organization_name: &organization.name,
        account_type: AccountType::Enterprise,
        user_email: match &actor.holder {
            KeyHolder::User { email, .. } => Some(email),
            KeyHolder::ServiceAccount { .. } => None,
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
