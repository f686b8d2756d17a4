//! Members: one file for each use case.

mod allow_sign_in;
mod create;
mod get;
mod invite;
mod invite_locally;
mod join;
mod list;
mod list_locally;
mod make_admin;
mod remove;
mod update;

pub use invite_locally::Invited;
