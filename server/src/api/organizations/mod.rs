//! The caller's organization: `/v1/organizations`

mod dto;
mod get;
pub(super) mod update;

pub(super) use dto::{OrganizationModelResponse, answer_with};
pub(super) use get::get;
pub(super) use update::{RateLimitsRequest, update};

#[derive(utoipa::OpenApi)]
#[openapi(paths(get::get, update::update))]
pub(super) struct Operations;
