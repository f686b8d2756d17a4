//! The actions at the head of a key's page.

use leptos::prelude::*;

use model::key::{KeyDetails, KeyRow};
use model::user::Role;

use super::clock::now;
use super::desk::use_desk;
use super::key_menu::{KeyMenuItems, begin};
use super::task::{KeyTask, refusal};
use crate::ui::{Button, ButtonKind, Glyph, Menu};

/// *Edit* and *Rotate* as buttons, the rest in a menu.
#[component]
pub fn KeyActions(
    /// The key.
    details: KeyDetails,
    /// Who looks.
    role: Role,
) -> impl IntoView {
    let desk = use_desk();
    let may_change = details.may_change;
    let row = row_of(details);
    let why = refusal(&row.key, may_change, now());
    let stored = StoredValue::new(row.clone());
    let buttons = why.is_none().then(|| {
        view! {
            <Button icon=Glyph::Pencil on_press=move |()| begin(desk, KeyTask::Edit, stored.get_value())>"Edit"</Button>
            <Button icon=Glyph::Rotate on_press=move |()| begin(desk, KeyTask::Rotate, stored.get_value())>"Rotate"</Button>
        }
    });
    view! {
        {buttons}
        <Menu id="key-menu" label="More actions" icon=Glyph::More icon_only=true kind=ButtonKind::Secondary>
            <KeyMenuItems row may_change role only=vec![KeyTask::Disable, KeyTask::Enable, KeyTask::Revoke]/>
        </Menu>
    }
}

/// The key as a row of the list, which is what the dialogs work on.
pub fn row_of(details: KeyDetails) -> KeyRow {
    let KeyDetails { key, graces, owner_email, owner_name, creator_email: _, may_change: _ } = details;
    KeyRow { key, graces, owner_email, owner_name }
}
