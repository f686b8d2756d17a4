//! Members: one use case a file.

mod create;
mod get;
mod invite;
mod list;
mod remove;
mod update;
