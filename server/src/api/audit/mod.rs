//! The audit log: `/v1/organizations/audit…`

mod get;
mod list;
pub(super) mod settings;
mod shape;

pub(super) use get::get;
pub(super) use list::list;
pub(super) use settings::{settings, update_settings};

/// What the description of the API says of these.
#[derive(utoipa::OpenApi)]
#[openapi(paths(get::get, list::list, settings::settings, settings::update_settings))]
pub(super) struct Operations;
