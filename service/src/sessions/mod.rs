//! People in the console: one use case a file.

mod account;
mod authenticate;
mod failures;
mod list;
mod me;
mod sign_in;

pub use sign_in::SignedIn;
