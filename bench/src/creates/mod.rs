//! Measures durable creates: the number of flushes, and the time compared with raw SQLite and with competitors.

mod counted;
mod timed;

pub use counted::count;
pub use timed::time;
