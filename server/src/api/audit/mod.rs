//! The audit log: `/v1/organizations/audit…`

mod get;
mod list;
mod settings;
mod shape;

pub(super) use get::get;
pub(super) use list::list;
pub(super) use settings::{settings, update_settings};
