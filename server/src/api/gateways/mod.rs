//! Gateways: `/v1/gateways…`

pub(super) mod body;
mod create;
mod dto;
mod get;
mod list;
mod remove;
mod snippet;
mod update;

pub(super) use create::create;
pub(super) use get::get;
pub(super) use list::list;
pub(super) use remove::remove;
pub(super) use snippet::snippet;
pub(super) use update::update;

pub use dto::GatewayModel;

#[derive(utoipa::OpenApi)]
#[openapi(paths(create::create, get::get, list::list, remove::remove, snippet::snippet, update::update))]
pub(super) struct Operations;
