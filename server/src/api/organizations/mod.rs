//! The caller's organization: `/v1/organizations`

mod get;
mod shape;
mod update;

pub(super) use get::get;
pub(super) use update::update;
