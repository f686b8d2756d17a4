//! Sessions of people in the console: one file for each use case.

mod account;
mod authenticate;
mod failed;
mod failed_sign_ins;
mod list;
mod me;
mod sign_in;

pub(crate) use authenticate::{SIGNED_OUT, is_member};
pub(crate) use failed_sign_ins::FailedSignIns;
pub use sign_in::SignedIn;
pub(crate) use sign_in::WRONG_CREDENTIALS;
