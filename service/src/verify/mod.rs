//! Verifying keys: from memory, with nothing waited for, and never against what was revoked.
//!
//! - [`directory`]: every secret of the database in memory, by its hash, and the protocol that keeps it true.
//! - `miss`: what the directory does not know is asked of the database, once for all who wait for it.
//! - `load`, `feed`: filling the directory at the start, and hearing of what other processes change.
//! - `check`, `checker`: the use case, and who may ask.
//! - `modelled`: the directory under every schedule of threads.
//! - `digest`: what everything is found by.
//! - `pending`, `origins`: uses, counted in memory and written behind.

mod check;
mod checker;
mod digest;
pub(crate) mod directory;
mod feed;
mod load;
mod locks;
mod miss;
#[cfg(test)]
mod modelled;
mod origins;
mod pending;
#[cfg(test)]
mod tests;

pub use checker::Checker;
pub(crate) use directory::Directory;
#[cfg(any(test, feature = "testing"))]
pub(crate) use feed::Feed;
pub(crate) use miss::Misses;
pub(crate) use origins::Origins;
pub(crate) use pending::TURN;
