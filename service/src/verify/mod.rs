//! Verifies keys from memory, normally without waiting, and never with data from before a revocation.
//!
//! - [`key_cache`]: every secret of the database in memory, and the protocol that keeps it up to date.
//! - `single_flight`, `flights`: read what is missing in the cache from the database, once for all requests that wait
//!   for it.
//! - `load`, `invalidation_feed`: fill the cache at the start, and read the changes of other processes.
//! - `check`, `checker`: the use case, and the authentication of its caller.
//! - `model_checked`: tests the cache under many schedules of threads.
//! - `digest`: the hash by which secrets are found.
//! - `pending`, `client_info`: uses, which are counted in memory and written later.

mod check;
mod checker;
mod client_info;
mod digest;
mod flights;
mod invalidation_feed;
pub(crate) mod key_cache;
mod load;
mod locks;
#[cfg(test)]
mod model_checked;
mod pending;
mod single_flight;
#[cfg(test)]
mod tests;

pub use checker::Checker;
pub(crate) use client_info::ClientInfoLog;
pub(crate) use flights::SingleFlight;
#[cfg(any(test, feature = "testing"))]
pub(crate) use invalidation_feed::Feed;
pub(crate) use key_cache::KeyCache;
pub(crate) use pending::TURN;
