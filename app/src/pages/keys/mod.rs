//! The pages about keys.

mod key;
mod list;

pub use key::KeyPage;
pub use list::KeysPage;
