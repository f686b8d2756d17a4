//! The audit log: writing it, reading it, and the setting of what it records.

mod get;
mod list;
mod record;
mod settings;

pub(crate) use record::{AuditTarget, Changes};
