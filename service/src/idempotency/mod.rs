//! Idempotency: a request that a client repeats is carried out once. Its response is stored sealed for a while and
//! returned again.

mod lease;
mod seal;

pub(crate) use lease::{Acquired, IdempotencyLease};
pub use lease::{Idempotent, IdempotentRequest};
pub use seal::SealKey;
