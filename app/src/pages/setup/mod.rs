//! The setup of a new server.

mod done;
mod form;
mod page;

pub use page::SetupPage;
