//! `GET /v1/service-accounts`

use axum::response::Response;
use model::service_account::{AccountStatus, ServiceAccountFilter};
use serde::Serialize;

use super::shape::ServiceAccountData;
use crate::api::call::Call;
use crate::api::envelope;
use crate::api::failure::Failure;
use crate::api::query::{LIMIT_DEFAULT, LIMIT_MAX, OFFSET_MAX};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceAccountPage<'a> {
    items: Vec<ServiceAccountData<'a>>,
    limit: u32,
    offset: u32,
    has_more: bool,
}

/// Lists service accounts, the oldest first, disabled ones too.
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
