//! The JSON form of an organization.

use axum::response::Response;
use model::Timestamp;
use model::id::OrganizationId;
use model::organization::{AccountType, Organization, RateLimits};
use model::page::PAGE_SIZE_MAX;
use model::user::UserFilter;
use serde::Serialize;
use serde_json::{Map, Value};
use service::{Caller, Error, Service};
use utoipa::ToSchema;

use crate::api::http::failure::Failure;
use crate::api::http::response;
use crate::api::users::UserModel;

/// An organization. The fields about plans and bills exist for the published client and always have the same values.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct OrganizationModelResponse<'a> {
    organization_id: &'a OrganizationId,
    /// The name.
    #[schema(examples("Acme"))]
    organization_name: &'a str,
    /// The URL of a picture.
    #[schema(required, examples("https://acme.example/logo.png"))]
    logo_url: Option<&'a str>,
    /// Always `enterprise`, because a self-hosted server has no plans.
    account_type: AccountType,
    /// Always 0.
    #[schema(examples(0))]
    credit_count: u32,
    /// The data that your programs have stored.
    metadata: &'a Map<String, Value>,
    /// The e-mail address for bills.
    #[schema(required, examples("bills@acme.example"))]
    billing_email: Option<&'a str>,
    /// Requests per minute by kind of work, for programs that read them.
    rate_limits: RateLimits,
    /// Always false.
    #[schema(examples(false))]
    auto_billing_enabled: bool,
    /// Always 1.
    #[schema(examples(1))]
    billing_cycle_start: u32,
    /// Always 0.
    #[schema(examples(0))]
    current_month_usage: u32,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// The first 1,000 users, or none for a key that may not see them.
    users: Vec<UserModel<'a>>,
}

/// Responds with an organization and its first thousand users. A caller who may not see users gets an empty list.
pub(in crate::api) async fn answer_with(
    service: &Service,
    caller: &Caller,
    organization: &Organization,
) -> Result<Response, Failure> {
    let users = match service.list_users(caller, &UserFilter::default(), 0, PAGE_SIZE_MAX).await {
        Ok(page) => page.users,
        Err(Error::Forbidden(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let Organization {
        organization_id,
        internal_id: _not_shown_here,
        name,
        logo_url,
        billing_email,
        metadata,
        rate_limits,
        created_at,
        updated_at,
    } = organization;
    Ok(response::ok(OrganizationModelResponse {
        organization_id,
        organization_name: name,
        logo_url: logo_url.as_deref(),
        // A self-hosted server has every feature.
        account_type: AccountType::Enterprise,
        credit_count: 0,
        metadata,
        billing_email: billing_email.as_deref(),
        rate_limits: *rate_limits,
        auto_billing_enabled: false,
        billing_cycle_start: 1,
        current_month_usage: 0,
        created_at: *created_at,
        updated_at: *updated_at,
        users: users.iter().map(UserModel::from).collect(),
    }))
}
