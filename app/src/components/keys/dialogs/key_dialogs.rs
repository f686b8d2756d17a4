//! All dialogs that act on one key.

use leptos::prelude::*;

use model::user::Role;

use super::disable_dialog::DisableDialog;
use super::edit_dialog::EditDialog;
use super::reveal_dialog::RevealDialog;
use super::revoke_dialog::RevokeDialog;
use super::rotate_dialog::RotateDialog;

/// The dialogs for the tasks of a page. Each opens when the page's `KeyPageState` starts its task.
#[component]
pub fn KeyDialogs(
    /// The role of the signed-in user.
    role: Role,
) -> impl IntoView {
    view! {
        <EditDialog role/>
        <RotateDialog/>
        <DisableDialog/>
        <RevokeDialog/>
        <RevealDialog/>
    }
}
