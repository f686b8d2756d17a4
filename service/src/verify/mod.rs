//! Verifies keys from memory, normally without waiting, and never with data from before a revocation.
//!
//! - `check`, `checker`: the use case, and the authentication of its caller. Both look into the key cache (see the
//!   module `key_cache`).
//! - `find_key`: the id of a refused key, for the log.
//! - `secrets`, `load`: read secrets from the database into the key cache, one by one and all at once.
//! - `pending`, `client_info`: write uses, which are counted in memory.

mod check;
mod checker;
mod client_info;
mod find_key;
mod load;
mod pending;
mod secrets;

pub use checker::Checker;
pub(crate) use client_info::ClientInfoLog;
pub(crate) use pending::TURN;
