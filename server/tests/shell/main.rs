//! The server around the service: settings, connections, guards, files.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests outside of test functions: what they cannot do fails the test"
)]

mod assets;
#[path = "../binary/mod.rs"]
mod binary;
mod connections;
mod documentation;
mod framing;
mod grpc;
#[path = "../grpc/mod.rs"]
mod grpc_client;
mod guards;
mod headers;
mod logs;
mod probes;
mod process;
mod readers;
mod settings;
mod sources;
mod support;
mod unread;
