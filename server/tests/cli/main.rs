//! The commands as a person or a script runs them: the real binary in a folder of its own.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where this fails"
)]

mod admin_key;
mod backup;
mod bootstrap;
mod console;
mod doctor;
mod gateway;
mod killed;
mod members;
mod migrate;
mod no_keystead;
mod program;
mod shared_folder;
mod two_servers;
mod unusable;
mod user;
mod without_log;
