//! Server functions for keys.

mod create;
mod disable;
mod find_owners;
mod get;
mod grace_period;
mod list;
mod revoke;
mod rotate;
mod settings;
mod update;

pub use create::{CreateKey, create_key};
pub use disable::{DisableKey, EnableKey, disable_key, enable_key};
pub use find_owners::{FindOwners, find_owners};
pub use get::{GetKey, KeyHistory, get_key, key_history};
pub use grace_period::{EndGrace, ExtendGrace, end_grace, extend_grace};
pub use list::{PageKeys, page_keys};
pub use revoke::{RevokeKey, revoke_key};
pub use rotate::{RotateKey, rotate_key};
pub use settings::{GetKeySettings, KeySettings, ServerUrl, key_settings};
pub use update::{UpdateKey, update_key};
