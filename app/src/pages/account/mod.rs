//! The own account.

mod page;
mod password;
mod sessions;

pub use page::AccountPage;
