//! The caller's organization: `/v1/organizations`

mod get;
mod shape;
mod update;

pub(super) use get::get;
pub(super) use shape::answer_with;
pub(super) use update::{IGNORING_NULL, patch_draft, update};
