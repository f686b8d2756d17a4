//! The commands, as a person or a script runs them: the real binary on a folder of its own.

mod admin_key;
mod bootstrap;
mod gateway;
mod migrate;
mod program;
mod two_servers;
mod unusable;
