//! How often keys were used: `/v1/organizations/usage` and `/v1/organizations/api-keys/{key_id}/usage…`

mod dto;
mod endpoints;
mod key;
mod organization;

pub(super) use endpoints::endpoints;
pub(super) use key::key;
pub(super) use organization::organization;

#[derive(utoipa::OpenApi)]
#[openapi(paths(endpoints::endpoints, key::key, organization::organization))]
pub(super) struct Operations;
