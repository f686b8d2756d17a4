//! What the server counts about HTTP requests: how long each took, by route, method and status.

mod durations;
mod measured;
mod route;

pub use self::durations::{Durations, Traffic};
pub use self::measured::measure;
pub use self::route::Route;
