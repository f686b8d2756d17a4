//! The organization's members.

mod add;
mod address;
mod edit;
mod end;
mod filters;
mod invite;
mod list;
mod page;
mod row;
mod subject;
mod task;

pub use page::MembersPage;
