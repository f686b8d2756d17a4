//! Usage counts: how often keys were used, by hour and by day. They are written many at once, and old ones are deleted.

mod add;
mod read;
mod sweep;

pub use add::{Count, EndpointCount, add};
pub use read::{UsageScope, busiest, counts, endpoints};
pub use sweep::sweep;
