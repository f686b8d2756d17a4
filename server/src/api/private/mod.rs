//! The endpoints of the operator: `/v1/private/…`

pub(super) mod add_users;
mod bootstrap_key;
pub(super) mod create;
mod get;
mod nodes;
mod remove;
pub(super) mod update;

pub(super) use add_users::add_users;
pub(super) use bootstrap_key::bootstrap_key;
pub(super) use create::create;
pub(super) use get::get;
pub(super) use nodes::nodes;
pub(super) use remove::remove;
pub(super) use update::update;

#[derive(utoipa::OpenApi)]
#[openapi(paths(
    add_users::add_users,
    bootstrap_key::bootstrap_key,
    create::create,
    get::get,
    nodes::nodes,
    remove::remove,
    update::update
))]
pub(super) struct Operations;
