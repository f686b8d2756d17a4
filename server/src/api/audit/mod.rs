//! The audit log: `/v1/organizations/audit…`

mod dto;
mod get;
mod list;
pub(super) mod settings;

pub(super) use get::get;
pub(super) use list::list;
pub(super) use settings::{settings, update_settings};

#[derive(utoipa::OpenApi)]
#[openapi(paths(get::get, list::list, settings::settings, settings::update_settings))]
pub(super) struct Operations;
