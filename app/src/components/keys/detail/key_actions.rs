//! The buttons at the top of a key's page.

use leptos::prelude::*;

use model::key::{KeyDetails, KeyRow};
use model::user::Role;

use crate::components::keys::clock::now;
use crate::components::keys::key_menu::{KeyMenuItems, begin};
use crate::components::keys::key_page_state::use_key_page;
use crate::components::keys::task::{KeyTask, refusal};
use crate::ui::{Button, ButtonKind, Glyph, Menu};

/// *Edit* and *Rotate* as buttons, and the other tasks in a menu.
#[component]
pub fn KeyActions(
    details: KeyDetails,
    /// The role of the signed-in user.
    role: Role,
) -> impl IntoView {
    let key_page = use_key_page();
    let may_change = details.may_change;
    let row = row_of(details);
    let why = refusal(&row.key, may_change, now());
    let row = Signal::stored(row);
    let buttons = why.is_none().then(|| {
        view! {
            <Button icon=Glyph::Pencil on_press=move |()| begin(key_page, KeyTask::Edit, row.get_untracked())>"Edit"</Button>
            <Button icon=Glyph::Rotate on_press=move |()| begin(key_page, KeyTask::Rotate, row.get_untracked())>"Rotate"</Button>
        }
    });
    view! {
        {buttons}
        <Menu id="key-menu" label="More actions" icon=Glyph::More icon_only=true kind=ButtonKind::Secondary>
            <KeyMenuItems row may_change role only=vec![KeyTask::Disable, KeyTask::Enable, KeyTask::Revoke]/>
        </Menu>
    }
}

/// Converts a key's details into a row of the list, which the dialogs work with.
pub fn row_of(details: KeyDetails) -> KeyRow {
    let KeyDetails { key, grace_periods, owner_email, owner_name, creator_email: _, may_change: _ } = details;
    KeyRow { key, grace_periods, owner_email, owner_name }
}
