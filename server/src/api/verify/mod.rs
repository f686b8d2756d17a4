//! Verification of keys: `/v1/keys/verify`, `/v1/keys/verify/batch`, `/v1/introspect`

pub(super) mod batch;
mod dto;
pub(super) mod introspect;
mod log;
pub(super) mod one;

pub(super) use batch::batch;
pub(crate) use dto::VerifyResponse;
pub(super) use introspect::introspect;
pub(crate) use log::log_refusal;
pub(super) use one::one;

#[derive(utoipa::OpenApi)]
#[openapi(paths(batch::batch, introspect::introspect, one::one))]
pub(super) struct Operations;
