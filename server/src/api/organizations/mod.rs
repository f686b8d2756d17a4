//! The caller's organization: `/v1/organizations`

mod get;
mod shape;
pub(super) mod update;

pub(super) use get::get;
pub(super) use shape::{OrganizationModelResponse, answer_with};
pub(super) use update::{IGNORING_NULL, RateLimitsRequest, patch_draft, update};

/// What the description of the API says of these.
#[derive(utoipa::OpenApi)]
#[openapi(paths(get::get, update::update))]
pub(super) struct Operations;
