//! Fills a database with keys through the store.

mod fill;
mod key;
mod put_off;

pub use fill::{Filled, fill};
pub use key::{Fate, letters, mix};
