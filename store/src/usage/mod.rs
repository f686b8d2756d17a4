//! How often keys were used, by hour and by day. Counts are added many at once, and old ones are swept.

mod add;
mod read;
mod sweep;

pub use add::{Count, EndpointCount, add};
pub use read::{Subject, busiest, counts, endpoints};
pub use sweep::sweep;
