//! The audit log: writes it, reads it, and changes its settings.

mod get;
mod list;
mod record;
mod settings;

pub(crate) use record::{AuditTarget, Changes};
