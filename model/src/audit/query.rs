//! What is asked of the log.

use super::{AuditAction, AuditEvent, AuditResource};
use crate::field::FieldError;
use crate::key::ResourceType;
use crate::time::Timestamp;

/// What narrows a list of records. Each part that is there has to fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The word of the kind of thing, by [`check_resource_word`].
    pub resource: Option<String>,
    /// The thing.
    pub resource_id: Option<String>,
    /// Who did it.
    pub actor_id: Option<String>,
    /// The word of what was done, by [`check_action_word`].
    pub action: Option<String>,
    /// The first moment.
    pub from: Option<Timestamp>,
    /// The moment before which the last one is.
    pub until: Option<Timestamp>,
}

/// Some records, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The records.
    pub events: Vec<AuditEvent>,
    /// How many fit in all. Counted no further than [`AUDIT_COUNTED_BEYOND`] records after this page.
    pub total: u64,
}

/// Records after a page that are still counted: no request counts a log of millions, and whoever goes on until the
/// total is reached meets every record.
pub const AUDIT_COUNTED_BEYOND: u64 = 10_000;

/// Checks the word of a kind of thing. Published clients know more kinds than there are here; those fit no record.
pub fn check_resource_word(word: &str) -> Result<String, FieldError> {
    if AuditResource::from_word(word).is_some() {
        return Ok(word.to_owned());
    }
    ResourceType::check(word).map(|_| word.to_owned())
}

/// Checks the word of what was done. Published clients know actions on kinds of things that there are not here; those
/// fit no record.
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
    fn the_words_of_published_clients_are_taken_and_misspelt_ones_refused() {
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
