//! Bodies of requests: strict JSON, read member by member into drafts.

mod members;
mod questions;
mod read;
mod rules;
mod scopes;
mod tree;
mod users;

pub(super) use members::Members;
pub(super) use questions::OPTIONAL_OF_QUESTION;
pub(super) use read::{is_json, missing, read};
pub(super) use users::OPTIONAL_OF_USER;
