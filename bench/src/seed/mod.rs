//! Fills a database with keys through the store.

mod fill;
mod key;

pub use fill::{Filled, fill};
pub use key::{Fate, letters, mix};
