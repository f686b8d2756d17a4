//! Service accounts: `/v1/service-accounts…`

pub(super) mod body;
mod create;
mod disable;
mod dto;
mod get;
mod list;
mod update;

pub(super) use create::create;
pub(super) use disable::disable;
pub(super) use get::get;
pub(super) use list::list;
pub(super) use update::update;

#[derive(utoipa::OpenApi)]
#[openapi(paths(create::create, disable::disable, get::get, list::list, update::update))]
pub(super) struct Operations;
