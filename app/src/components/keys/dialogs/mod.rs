//! The dialogs that create a key or act on one.

mod create_dialog;
mod disable_dialog;
mod edit_dialog;
mod extend_dialog;
mod first_request;
mod key_dialogs;
mod reveal_dialog;
mod revoke_dialog;
mod rotate_dialog;
mod secret_tabs;
mod snippet;

pub use create_dialog::CreateDialog;
pub use extend_dialog::ExtendDialog;
pub use key_dialogs::KeyDialogs;
