//! Keystead's server: the console, the REST API and the command line, which all use one service.

pub mod api;
pub mod assets;
pub mod boot;
pub mod cli;
pub mod config;
pub mod console;
pub mod fast_path;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gateway;
mod grpc;
pub mod health;
mod leaked_secret;
pub mod listener;
pub mod live;
mod metrics;
pub mod middleware;
pub mod reference;
mod refusals;
pub mod request_id;
pub mod router;
pub mod state;
mod tls;
pub mod traces;
pub mod traffic;
