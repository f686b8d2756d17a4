//! People in the console: one use case a file.

mod account;
mod authenticate;
mod list;
mod me;
mod sign_in;

pub(crate) use sign_in::NOT_RIGHT;
pub use sign_in::SignedIn;
