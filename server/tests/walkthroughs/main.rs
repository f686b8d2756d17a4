//! Follows pages of the documentation as a reader would: every command of a page is read from the page and run as it
//! stands there, on the real binary. Only what differs from machine to machine is replaced, such as folders, addresses
//! and ids.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where this fails"
)]

#[path = "../tls/authority.rs"]
#[allow(dead_code, reason = "the test of TLS uses more of it")]
mod authority;
#[path = "../binary/mod.rs"]
mod binary;
#[path = "../tls/client.rs"]
#[allow(dead_code, reason = "the test of TLS uses more of it")]
mod client;
#[path = "../metrics/collector.rs"]
#[allow(dead_code, reason = "the test of metrics uses more of it")]
mod collector;
#[path = "../tls/node.rs"]
#[allow(dead_code, reason = "the test of TLS uses more of it")]
mod node;
#[path = "../tls/pebble.rs"]
mod pebble;

mod backup;
mod get_back_in;
mod get_started;
mod guides;
mod install;
mod machine;
mod metrics;
mod nodes;
mod page;
mod tls;
mod traces;
mod upgrading;
