//! The pages about the members of the organization.

mod actions;
mod add;
mod dialogs;
mod edit;
mod end;
mod filters;
mod invite;
mod list;
mod loaded_user;
mod page;
mod path;
mod row;

pub use page::UsersPage;
