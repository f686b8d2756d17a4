//! The keys of a user, addressed by name: `/v1/organizations/users/{user_email}/api-keys…`

pub(super) mod create;
mod dto;
mod list;
mod list_body;
mod revoke;
pub(super) mod rotate;
pub(super) mod update;

pub(super) use create::create;
pub(super) use dto::APIKeyCreateResponse;
pub(super) use list::list;
pub(super) use revoke::revoke;
pub(super) use rotate::rotate;
pub(super) use update::update;

#[derive(utoipa::OpenApi)]
#[openapi(paths(create::create, list::list, revoke::revoke, rotate::rotate, update::update))]
pub(super) struct Operations;
