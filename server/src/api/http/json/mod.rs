//! Request bodies: strict JSON, read member by member into drafts.

mod body;
mod members;
mod read;
mod scopes;
mod tree;

pub(in crate::api) use body::{RequestObject, request_body};
pub(in crate::api) use members::Members;
pub(crate) use read::is_json;
pub(in crate::api) use read::{missing, read};
