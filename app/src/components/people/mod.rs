//! Parts of the pages about people.

mod agent;
mod badges;
mod form;
mod frame;

pub use agent::plain_agent;
pub use badges::{AccessBadge, RoleBadge, StatusBadge, role_choices, role_name, status_name};
pub use form::LiveForm;
pub use frame::SignedInFrame;
