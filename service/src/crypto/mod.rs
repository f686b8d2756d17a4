//! Hashes: SHA-256 for secrets that are random enough, argon2id for passwords.

mod argon2id;
mod passwords;
mod plain_token;
mod sha256;

pub(crate) use argon2id::share_salt;
pub(crate) use passwords::Passwords;
pub use plain_token::PlainToken;
pub(crate) use sha256::{sha256, unhex};
