//! Measures whether the cost of pages of the key list grows with the number of keys.

mod each;
mod measure;
mod place;
mod through;

pub use measure::measure;
