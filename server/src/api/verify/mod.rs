//! Verifying keys: `/v1/keys/verify`, `/v1/keys/verify/batch`, `/v1/introspect`

pub(super) mod batch;
pub(super) mod introspect;
pub(super) mod now;
pub(super) mod one;
mod shape;

pub(super) use batch::batch;
pub(super) use introspect::introspect;
pub(crate) use now::{is_verify, verify_now};
pub(super) use one::one;

/// What the description of the API says of these.
#[derive(utoipa::OpenApi)]
#[openapi(paths(batch::batch, introspect::introspect, one::one))]
pub(super) struct Operations;
