//! Reads scopes. [`ResourceScope`] itself describes them, because responses contain them as well.

use model::key::{ResourceScope, ScopeDraft};

use super::body::RequestObject;
use super::members::Members;

impl RequestObject for ResourceScope {
    type Draft = ScopeDraft;

    fn read(members: &mut Members) -> ScopeDraft {
        members.ignore_null("operations");
        ScopeDraft {
            resource_type: members.text("resource_type"),
            resource_id: members.text("resource_id"),
            operations: members.texts("operations"),
        }
    }
}
