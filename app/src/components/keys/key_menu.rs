//! The menu of tasks for a key.

use leptos::prelude::*;

use model::id::KeyId;
use model::key::KeyRow;
use model::user::Role;

use super::clock::now;
use super::key_page_state::{KeyPageState, use_key_page};
use super::list_path::KeyListPath;
use super::task::{KeyTask, refusal};
use crate::fns::keys::EnableKey;
use crate::ui::{Glyph, MenuItem, MenuLine, MenuLink};

/// The items of a key's menu. If the key cannot be changed, the items are disabled and the reason is shown.
#[component]
pub fn KeyMenuItems(
    row: Signal<KeyRow>,
    /// Whether the signed-in user may change the key.
    may_change: bool,
    /// The role of the signed-in user. Viewers cannot create keys, so their menu has no item that creates a similar
    /// key.
    role: Role,
    /// Limits the menu to these tasks, for a page where the others have buttons of their own.
    #[prop(optional)]
    only: Option<Vec<KeyTask>>,
) -> impl IntoView {
    let key_page = use_key_page();
    let copy = (role != Role::Viewer).then(|| row.with_untracked(|row| copy_href(row.key.key_id.clone())));
    let why = Memo::new(move |_| row.with(|row| refusal(&row.key, may_change, now())));
    // A memo, so that the items stay in the page if the key changes in another way.
    let tasks = Memo::new(move |_| {
        let tasks = row.with(|row| KeyTask::of(&row.key)).into_iter();
        tasks.filter(|task| only.as_ref().is_none_or(|only| only.contains(task))).collect::<Vec<_>>()
    });
    let item = move |task: KeyTask| {
        view! {
            <MenuItem
                icon=glyph(task)
                danger=task == KeyTask::Revoke
                disabled=Signal::derive(move || why.get().is_some())
                on_press=move |()| begin(key_page, task, row.get_untracked())
            >
                {task.label()}
            </MenuItem>
        }
    };
    view! {
        {move || tasks.get().into_iter().map(item).collect_view()}
        {move || why.get().map(|why| view! { <p class="key-menu-why">{why}</p> })}
        {copy.map(|href| view! {
            <MenuLine/>
            <MenuLink href icon=Glyph::Copy>"Create a similar key…"</MenuLink>
        })}
    }
}

/// Begins a task: opens its dialog, or sends the request at once if the task has no dialog.
pub fn begin(key_page: KeyPageState, task: KeyTask, row: KeyRow) {
    if task == KeyTask::Enable {
        key_page.enable.dispatch(EnableKey { key_id: row.key.key_id, version: Some(row.key.version) });
    } else {
        key_page.start(task, row);
    }
}

fn copy_href(from: KeyId) -> String {
    KeyListPath::default().creating(Some(from)).to_path()
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
