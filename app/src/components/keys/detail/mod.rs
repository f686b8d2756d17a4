//! The sections of a key's page.

mod change_labels;
mod grace_period_panel;
mod history;
mod key_actions;
mod key_facts;
mod key_rights;

pub use grace_period_panel::GracePeriodPanel;
pub use history::History;
pub use key_actions::{KeyActions, row_of};
pub use key_facts::{KeyFacts, Moment};
pub use key_rights::KeyRights;
