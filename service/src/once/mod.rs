//! Doing something once, however often a client asks for it: the answer is kept for a while, sealed, and given again.

mod claim;
mod seal;

pub use claim::{Answered, Once};
pub(crate) use claim::{Claim, Claimed};
pub use seal::SealKey;
