//! Members: one file for each use case.

mod allow_sign_in;
mod create;
mod get;
mod invite;
mod join;
mod list;
mod remove;
mod update;
