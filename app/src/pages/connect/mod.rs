//! The Connect page: how to verify keys in your own code or with a proxy.

mod code;
mod page;
mod path;
mod proxy;
mod shown;

pub use page::ConnectPage;
