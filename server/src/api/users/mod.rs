//! The users of the caller's organization: `/v1/organizations/users…`

pub(super) mod create;
mod dto;
mod get;
mod list;
mod remove;
pub(super) mod update;

pub(super) use create::create;
pub(super) use dto::{UserCreateRequest, UserModel};
pub(super) use get::get;
pub(super) use list::list;
pub(super) use remove::remove;
pub(super) use update::update;

#[derive(utoipa::OpenApi)]
#[openapi(paths(create::create, get::get, list::list, remove::remove, update::update))]
pub(super) struct Operations;
