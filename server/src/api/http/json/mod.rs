//! Request bodies: strict JSON, read member by member into drafts.

mod members;
mod read;
mod rules;
mod scopes;
mod tree;
mod users;
mod verify_request;

pub(in crate::api) use members::Members;
pub(crate) use read::is_json;
pub(in crate::api) use read::{missing, read};
pub(in crate::api) use users::OPTIONAL_OF_USER;
pub(in crate::api) use verify_request::OPTIONAL_MEMBERS;
