//! Archives on PostgreSQL: read with cursors, written with lists of values.

mod export;
mod import;
mod lists;
mod schema;

pub(super) use export::Snapshot;
pub(super) use import::{finish, write};
pub(super) use schema::{has_progress, is_in_use};
