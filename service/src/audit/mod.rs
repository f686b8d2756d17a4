//! The audit log: writing it, looking into it, and what goes into it.

mod get;
mod list;
mod record;
mod settings;

pub(crate) use record::{Changes, Subject};
