//! The audit log: its records, the filter for listing them, and the settings of an organization.

mod event;
mod query;
mod settings;

pub use event::{ActorKind, AuditAction, AuditEvent, AuditResource};
pub use query::{AUDIT_COUNTED_BEYOND, AuditFilter, AuditPage, check_action_word, check_resource_word};
pub use settings::AuditSettings;
