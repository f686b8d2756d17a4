//! Components for the pages about people, and for every page with a signed-in user.

mod agent;
mod badges;
mod form;
mod frame;
mod frame_refusal;
mod new_password;

pub use agent::plain_agent;
pub use badges::{AccessBadge, RoleBadge, StatusBadge, role_choices, role_name, status_name};
pub use form::LiveForm;
pub use frame::SignedInFrame;
pub use new_password::NewPassword;
