//! The certificate of the port with TLS: where it comes from, how it is replaced while the server runs, and what a
//! handshake uses.

mod acme;
mod certificate;
mod certificates;
mod files;
mod names;
mod port;
mod watched_files;

pub(crate) use self::certificates::Certificates;
pub(crate) use self::names::names;
pub(crate) use self::port::{Handshakes, TlsPort, check, end_of_certificate};
pub use self::watched_files::WatchedFiles;
