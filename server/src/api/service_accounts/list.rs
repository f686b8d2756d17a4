//! `GET /v1/service-accounts`: lists the service accounts.

use axum::response::Response;
use model::service_account::{AccountStatus, ServiceAccountFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::ServiceAccountData;
use crate::api::http::call::Call;
use crate::api::http::envelope;
use crate::api::http::failure::Failure;
use crate::api::http::query::{LIMIT_DEFAULT, LIMIT_MAX, OFFSET_MAX};

/// A page of service accounts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ServiceAccountPage<'a> {
    /// The service accounts.
    items: Vec<ServiceAccountData<'a>>,
    /// The value from the request, or the default.
    #[schema(examples(20))]
    limit: u32,
    /// The value from the request, or the default.
    #[schema(examples(0))]
    offset: u32,
    /// Whether there are more after this page.
    #[schema(examples(false))]
    has_more: bool,
}

#[utoipa::path(
    get,
    path = "/v1/service-accounts",
    tag = "Service accounts",
    operation_id = "list_service_accounts",
    summary = "List service accounts",
    description = "Lists service accounts, oldest first, including disabled ones. Requires the permission `admin` or, for \
                   a key of a service account, the permission `serviceaccount:read`.",
    params(
        ("limit" = Option<u32>, Query, description = "Maximum number of service accounts in the response. The default is \
                                                      20.", minimum = 1, maximum = 100),
        ("offset" = Option<u32>, Query, description = "Number of service accounts to skip.", minimum = 0, maximum = 2_147_483_647),
        ("status" = Option<AccountStatus>, Query, description = "Only those with this status."),
    ),
    responses((status = 200, description = "A page of service accounts.", body = ServiceAccountPage)),
)]
pub(in crate::api) async fn list(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let limit = query.number("limit", 1..=LIMIT_MAX, LIMIT_DEFAULT);
    let offset = query.number("offset", 0..=OFFSET_MAX, 0);
    let status = query.word("status", AccountStatus::check);
    query.finish()?;
    let filter = ServiceAccountFilter { status, search: String::new() };
    let page = call.service.list_service_accounts(&call.caller, &filter, offset.into(), limit).await?;
    let data = ServiceAccountPage {
        items: page.accounts.iter().map(ServiceAccountData::from).collect(),
        limit,
        offset,
        has_more: u64::from(offset).saturating_add(limit.into()) < page.total,
    };
    Ok(envelope::ok(&call, data))
}
