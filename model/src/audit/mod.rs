//! The audit log: its records, what is asked of it, and what goes into it.

mod event;
mod query;
mod settings;

pub use event::{ActorKind, AuditAction, AuditEvent, AuditResource};
pub use query::{AUDIT_COUNTED_BEYOND, AuditFilter, AuditPage, check_action_word, check_resource_word};
pub use settings::AuditSettings;
