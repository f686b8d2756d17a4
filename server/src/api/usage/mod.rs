//! How often keys were used: `/v1/organizations/usage` and `/v1/organizations/api-keys/{key_id}/usage…`

mod endpoints;
mod key;
mod organization;
mod shape;

pub(super) use endpoints::endpoints;
pub(super) use key::key;
pub(super) use organization::organization;

/// What the description of the API says of these.
#[derive(utoipa::OpenApi)]
#[openapi(paths(endpoints::endpoints, key::key, organization::organization))]
pub(super) struct Operations;
