//! Pages of the key list: whether their price grows with the number of keys.

mod each;
mod measure;
mod place;
mod through;

pub use measure::measure;
