//! Archives on SQLite, with the driver of the bulk reader.

mod export;
mod import;
mod schema;

pub(super) use export::Snapshot;
pub(super) use import::{finish, write};
pub(super) use schema::{has_progress, is_in_use};
