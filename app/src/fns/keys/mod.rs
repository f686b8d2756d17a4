//! Server functions for keys.

mod change;
mod end;
mod grace_period;
mod read;
mod secret;
mod settings;

pub use change::{DisableKey, EnableKey, UpdateKey, disable_key, enable_key, update_key};
pub use end::{RevokeKey, revoke_key};
pub use grace_period::{EndGrace, ExtendGrace, end_grace, extend_grace};
pub use read::{FindOwners, GetKey, KeyHistory, PageKeys, find_owners, get_key, key_history, page_keys};
pub use secret::{CreateKey, RotateKey, create_key, rotate_key};
pub use settings::{GetKeySettings, KeySettings, ServerUrl, key_settings};
