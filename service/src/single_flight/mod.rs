//! Single flight: concurrent requests that miss the same row in a mirror share one query.

mod ask;
mod flights;

pub(crate) use ask::Mirrored;
pub(crate) use flights::{Answer, SingleFlight};
