//! The keys of the whole organization, addressed by id: `/v1/api-keys…`

pub(super) mod create;
pub(super) mod cursor;
mod dto;
mod get;
mod list;
mod revoke;
pub(super) mod rotate;
pub(super) mod update;

pub(super) use create::create;
pub(super) use get::get;
pub(super) use list::list;
pub(super) use revoke::revoke;
pub(super) use rotate::rotate;
pub(super) use update::update;

#[derive(utoipa::OpenApi)]
#[openapi(paths(create::create, get::get, list::list, revoke::revoke, rotate::rotate, update::update))]
pub(super) struct Operations;
