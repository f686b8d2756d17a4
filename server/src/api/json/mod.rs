//! Request bodies: strict JSON, read member by member into drafts.

mod members;
mod read;
mod rules;
mod scopes;
mod tree;
mod users;
mod verify_request;

pub(super) use members::Members;
pub(super) use read::{is_json, missing, read};
pub(super) use users::OPTIONAL_OF_USER;
pub(super) use verify_request::OPTIONAL_MEMBERS;
