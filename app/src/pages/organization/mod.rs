//! The settings page of the organization.

mod nodes;
mod page;

pub use page::OrganizationPage;
