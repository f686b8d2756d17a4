//! Members: one use case a file.

mod create;
mod get;
mod invite;
mod join;
mod list;
mod remove;
mod update;
