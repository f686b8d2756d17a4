//! Durable creates: their flushes counted, their time against raw SQLite and against others.

mod counted;
mod timed;

pub use counted::count;
pub use timed::time;
