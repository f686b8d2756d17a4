//! The first run.

mod done;
mod form;
mod page;

pub use page::SetupPage;
