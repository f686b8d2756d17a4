//! What can be done to a key, as a menu.

use leptos::prelude::*;

use model::id::KeyId;
use model::key::KeyRow;
use model::user::Role;

use super::clock::now;
use super::desk::{KeyDesk, use_desk};
use super::task::{KeyTask, refusal};
use super::url::KeyListUrl;
use crate::fns::keys::EnableKey;
use crate::ui::{Glyph, MenuItem, MenuLine, MenuLink};

/// The items of a key's menu. What is not permitted is shown disabled, with the reason.
#[component]
pub fn KeyMenuItems(
    /// The key.
    row: KeyRow,
    /// Whether the person may change it.
    may_change: bool,
    /// What they may do in general: only those who make keys are offered a copy.
    role: Role,
    /// Only these tasks, where others have buttons of their own.
    #[prop(optional)]
    only: Option<Vec<KeyTask>>,
) -> impl IntoView {
    let desk = use_desk();
    let why = refusal(&row.key, may_change, now());
    let copy = (role != Role::Viewer).then(|| copy_href(row.key.key_id.clone()));
    let items = KeyTask::of(&row.key)
        .into_iter()
        .filter(|task| only.as_ref().is_none_or(|only| only.contains(task)))
        .map(|task| {
            let row = StoredValue::new(row.clone());
            view! {
                <MenuItem
                    icon=glyph(task)
                    danger=task == KeyTask::Revoke
                    disabled=why.is_some()
                    on_press=move |()| begin(desk, task, row.get_value())
                >
                    {task.label()}
                </MenuItem>
            }
        })
        .collect_view();
    view! {
        {items}
        {why.map(|why| view! { <p class="key-menu-why">{why}</p> })}
        {copy.map(|href| view! {
            <MenuLine/>
            <MenuLink href icon=Glyph::Copy>"Create one like this…"</MenuLink>
        })}
    }
}

/// Begins a task: with its dialog, or at once where nothing is to be asked.
pub fn begin(desk: KeyDesk, task: KeyTask, row: KeyRow) {
    if task == KeyTask::Enable {
        desk.enable.dispatch(EnableKey { key_id: row.key.key_id, version: Some(row.key.version) });
    } else {
        desk.start(task, row);
    }
}

fn copy_href(from: KeyId) -> String {
    KeyListUrl::default().creating(Some(from)).href()
}

fn glyph(task: KeyTask) -> Glyph {
    match task {
        KeyTask::Edit => Glyph::Pencil,
        KeyTask::Rotate => Glyph::Rotate,
        KeyTask::Disable => Glyph::CirclePause,
        KeyTask::Enable => Glyph::CircleCheck,
        KeyTask::Revoke => Glyph::Ban,
    }
}
