//! The page of the signed-in user's own account.

mod page;
mod password;
mod sessions;

pub use page::AccountPage;
