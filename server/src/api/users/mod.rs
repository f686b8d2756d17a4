//! Members of the caller's organization: `/v1/organizations/users…`

pub(super) mod create;
mod get;
mod list;
mod remove;
mod shape;
pub(super) mod update;

pub(super) use create::create;
pub(super) use get::get;
pub(super) use list::list;
pub(super) use remove::remove;
pub(super) use shape::{UserCreateRequest, UserModel};
pub(super) use update::update;

/// What the description of the API says of these.
#[derive(utoipa::OpenApi)]
#[openapi(paths(create::create, get::get, list::list, remove::remove, update::update))]
pub(super) struct Operations;
