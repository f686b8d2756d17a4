//! How to check keys: in one's own code, or by a proxy.

mod address;
mod code;
mod page;
mod proxy;

pub use page::ConnectPage;
