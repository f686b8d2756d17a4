//! Gets the certificate from an authority over ACME (RFC 8555), and renews it. The authority checks each name by a
//! handshake with the port with TLS (tls-alpn-01, RFC 8737), so no other port is needed.

mod account;
mod cache;
mod error;
mod https;
mod order;
mod schedule;
mod task;

pub(super) use self::task::Acme;
