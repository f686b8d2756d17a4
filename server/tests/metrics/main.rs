//! The metrics of the real binary, read as Prometheus reads them, and the files in `deploy/` that build on them. And
//! the traces that it sends.
//!
//! The tests that use promtool or Prometheus fail with a message if these are not installed. `scripts/install test`
//! installs them. On a machine where that is impossible, `KEYSTEAD_WITHOUT_PROMETHEUS=1` skips these tests. Automated
//! checks must not set it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "a test ends where this fails, and counts are whole numbers"
)]

#[path = "../binary/mod.rs"]
mod binary;

mod collector;
mod counts;
mod deploy;
mod full_disk;
#[path = "../grpc/mod.rs"]
mod grpc_client;
mod node;
mod page;
mod port;
mod program;
mod scrape;
mod traces;
mod troubles;
