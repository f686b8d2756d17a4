//! Filters and pages of the audit log.

use super::{AuditAction, AuditEvent, AuditResource};
use crate::field::FieldError;
use crate::key::ResourceType;
use crate::time::Timestamp;

/// The conditions that narrow a list of records. A record has to meet every condition that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// A resource type, checked by [`check_resource_word`].
    pub resource: Option<String>,
    pub resource_id: Option<String>,
    pub actor_id: Option<String>,
    /// An action, checked by [`check_action_word`].
    pub action: Option<String>,
    /// Inclusive.
    pub from: Option<Timestamp>,
    /// Exclusive.
    pub until: Option<Timestamp>,
}

/// One page of records, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    pub events: Vec<AuditEvent>,
    /// The number of matching records. At most [`AUDIT_COUNTED_BEYOND`] records after this page are counted.
    pub total: u64,
}

/// How many records after a page are counted. The bound keeps a request from counting millions of records. A client
/// that reads on until it reaches the total still gets every record, because each page counts anew.
pub const AUDIT_COUNTED_BEYOND: u64 = 10_000;

/// Checks the name of a resource type. Published clients know more types than this server has. Those are accepted and
/// match no record.
pub fn check_resource_word(word: &str) -> Result<String, FieldError> {
    if AuditResource::from_word(word).is_some() {
        return Ok(word.to_owned());
    }
    ResourceType::check(word).map(|_| word.to_owned())
}

/// Checks the name of an action. Published clients know actions on resource types that this server does not have. Those
/// are accepted and match no record.
pub fn check_action_word(word: &str) -> Result<String, FieldError> {
    let is_on_foreign_thing = ResourceType::ALL.iter().any(|kind| {
        AuditResource::from_word(kind.as_str()).is_none()
            && word.strip_prefix(kind.as_str()).is_some_and(is_verb)
    });
    if is_on_foreign_thing { Ok(word.to_owned()) } else { AuditAction::check(word).map(|_| word.to_owned()) }
}

fn is_verb(rest: &str) -> bool {
    matches!(rest, "_created" | "_updated" | "_deleted" | "_accessed" | "_executed")
        || matches!(rest, "_tested" | "_failed" | "_queried" | "_triggered")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Rule;

    #[test]
    fn the_words_of_published_clients_are_accepted_and_misspelled_ones_are_refused() {
        for word in ["organization", "user", "api_key", "namespace", "storage_connection"] {
            assert!(check_resource_word(word).is_ok(), "{word}");
        }
        for word in ["api_key_created", "audit_log_accessed", "bucket_created", "storage_connection_tested"] {
            assert!(check_action_word(word).is_ok(), "{word}");
        }
        for word in ["", "API_KEY", "keys"] {
            assert_eq!(check_resource_word(word).map_err(|error| error.rule), Err(Rule::Enum), "{word}");
        }
        for word in ["", "created", "api_key_create", "bucket", "bucket_", "bucket_creatd"] {
            assert_eq!(check_action_word(word).map_err(|error| error.rule), Err(Rule::Enum), "{word}");
        }
    }
}
