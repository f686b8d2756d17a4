//! What the operator can do over REST: `/v1/private/organizations…`

mod add_users;
mod bootstrap_key;
mod create;
mod get;
mod remove;
mod update;

pub(super) use add_users::add_users;
pub(super) use bootstrap_key::bootstrap_key;
pub(super) use create::create;
pub(super) use get::get;
pub(super) use remove::remove;
pub(super) use update::update;
