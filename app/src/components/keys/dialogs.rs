//! Every dialog that works on one key.

use leptos::prelude::*;

use model::user::Role;

use super::edit_dialog::EditDialog;
use super::pause_dialog::PauseDialog;
use super::reveal_dialog::RevealDialog;
use super::revoke_dialog::RevokeDialog;
use super::rotate_dialog::RotateDialog;

/// The dialogs of the page's desk; each opens when its task begins.
#[component]
pub fn KeyDialogs(
    /// Who is there.
    role: Role,
) -> impl IntoView {
    view! {
        <EditDialog role/>
        <RotateDialog/>
        <PauseDialog/>
        <RevokeDialog/>
        <RevealDialog/>
    }
}
