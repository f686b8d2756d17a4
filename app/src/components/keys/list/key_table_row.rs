//! One row of the key table.

use leptos::prelude::*;

use model::Timestamp;
use model::key::{Key, KeyFields, KeyRow};
use model::user::Role;

use crate::components::keys::environment::EnvironmentBadge;
use crate::components::keys::form::owner_text;
use crate::components::keys::key_menu::KeyMenuItems;
use crate::components::keys::key_page_state::use_key_page;
use crate::components::keys::last_use::LastUsed;
use crate::components::keys::list_path::KeyListPath;
use crate::components::keys::permission_text::permission_text;
use crate::components::keys::status::{KeyStatusBadge, short_id};
use crate::components::keys::task::may_change;
use crate::paths;
use crate::ui::{ActionsCell, Badge, Cell, Glyph, Icon, RelativeTime, RowMenu, Tone};

/// One key. Its name links to its page, and its owner to the list of the owner's keys.
#[component]
pub fn KeyTableRow(
    path: Memo<KeyListPath>,
    row: KeyRow,
    /// The role of the signed-in user.
    role: Role,
    /// Whether the key belongs to the signed-in user.
    is_own: bool,
    /// Whether the table has a column for the owner.
    with_owner: bool,
) -> impl IntoView {
    let Key { key_id, shown_prefix, last_use, fields, .. } = row.key.clone();
    let KeyFields { name, expires_at, .. } = fields;
    let permission = permission_text(&row.key);
    let (status_id, menu_id) = (format!("{key_id}-status"), format!("{key_id}-menu"));
    let menu_label = format!("Actions for {}", name.as_str());
    let (named, stated) = (row.clone(), row.clone());
    let owner = with_owner.then(|| view! { <OwnerCell path row=row.clone()/> });
    let may_change = may_change(role, is_own);
    view! {
        <tr>
            <Cell label=""><NameCell row=named/></Cell>
            <Cell label="Secret"><code class="mono key-masked">{format!("{shown_prefix}…")}</code></Cell>
            {owner}
            <Cell label="Permissions">{permission}</Cell>
            <Cell label="Last used"><LastUsed last_use/></Cell>
            <Cell label="Expires"><Expires at=expires_at/></Cell>
            <Cell label="Status"><KeyStatusBadge id=status_id row=stated/></Cell>
            <ActionsCell>
                <RowMenu id=menu_id label=menu_label>
                    <KeyMenuItems row may_change role/>
                </RowMenu>
            </ActionsCell>
        </tr>
    }
}

#[component]
fn NameCell(row: KeyRow) -> impl IntoView {
    let key_page = use_key_page();
    let key = row.key;
    let created_at = key.created_at;
    let href = paths::key(&key.key_id);
    let environment = key.fields.environment;
    let short = short_id(key.key_id.as_str());
    let id = key.key_id.to_string();
    let is_fresh =
        move || key_page.fresh.with(|fresh| fresh.as_ref().is_some_and(|fresh| *fresh == key.key_id));
    let protected = key.fields.name.is_admin_key().then(|| view! { <Icon glyph=Glyph::Lock/> });
    view! {
        <div class="key-name-cell">
        <span class="key-name">
            <a class="key-name-link" href=href>{key.fields.name.as_str().to_owned()}</a>
            {protected}
            {(!environment.is_live()).then(|| view! { <EnvironmentBadge environment/> })}
            {move || is_fresh().then(|| view! { <Badge tone=Tone::Accent>"New"</Badge> })}
        </span>
        <span class="key-created">
            <code class="mono key-short-id" title=id>{short}</code> " · " <RelativeTime at=created_at/>
            {environment.is_live().then(|| view! { " · " <EnvironmentBadge environment/> })}
        </span>
        </div>
    }
}

#[component]
fn OwnerCell(path: Memo<KeyListPath>, row: KeyRow) -> impl IntoView {
    let is_service_account = row.key.owner.service_account_id().is_some();
    let owner = StoredValue::new(row.key.owner);
    let href = move || path.with(|path| path.with_owner(Some(owner.get_value())).to_path());
    let who = owner_text(&row.owner_name, Some(row.owner_email.as_str()).filter(|email| !email.is_empty()));
    let mark = is_service_account.then(|| {
        view! { <Icon glyph=Glyph::Bot/> <span class="visually-hidden">"Service account "</span> }
    });
    view! {
        <Cell label="Owner">
            <a class="key-owner-link" href=href title=format!("{who}: show this owner's keys")>
                {mark} <span class="key-owner-name">{row.owner_name}</span>
            </a>
        </Cell>
    }
}

#[component]
fn Expires(at: Option<Timestamp>) -> impl IntoView {
    match at {
        None => view! { <span class="key-quiet">"Never"</span> }.into_any(),
        Some(at) => view! { <RelativeTime at/> }.into_any(),
    }
}
