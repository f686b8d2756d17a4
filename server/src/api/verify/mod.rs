//! Verifying keys: `/v1/keys/verify`, `/v1/keys/verify/batch`, `/v1/introspect`

mod batch;
mod introspect;
mod now;
mod one;
mod shape;

pub(super) use batch::batch;
pub(super) use introspect::introspect;
pub(crate) use now::{is_verify, verify_now};
pub(super) use one::one;

/// What the description of the API says of these.
#[derive(utoipa::OpenApi)]
#[openapi(paths(batch::batch, introspect::introspect, one::one))]
pub(super) struct Operations;
