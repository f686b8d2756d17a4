//! One row of the key table.

use leptos::prelude::*;

use model::Timestamp;
use model::id::KeyId;
use model::key::KeyRow;
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
use crate::ui::{Badge, Cell, Glyph, Icon, RelativeTime, RowActions, Tone};

/// One key. Its name links to its page, and its owner to the list of the owner's keys.
#[component]
pub fn KeyTableRow(
    path: Memo<KeyListPath>,
    row: Signal<KeyRow>,
    /// The role of the signed-in user.
    role: Role,
    /// Whether the key belongs to the signed-in user.
    is_own: bool,
    /// Whether the table has a column for the owner.
    with_owner: bool,
) -> impl IntoView {
    let key_id = row.with_untracked(|row| row.key.key_id.clone());
    let (status_id, menu_id) = (format!("{key_id}-status"), format!("{key_id}-menu"));
    let name = Signal::derive(move || row.with(|row| row.key.fields.name.as_str().to_owned()));
    let may_change = may_change(role, is_own);
    let status = move || view! { <KeyStatusBadge id=status_id.clone() row=row.get()/> };
    view! {
        <tr>
            <Cell label=""><NameCell key_id row name/></Cell>
            <Cell label="Secret">
                <code class="mono key-masked">{move || row.with(|row| format!("{}…", row.key.shown_prefix))}</code>
            </Cell>
            {with_owner.then(|| view! { <OwnerCell path row/> })}
            <Cell label="Permissions">{move || row.with(|row| permission_text(&row.key))}</Cell>
            <Cell label="Last used">
                {move || view! { <LastUsed last_use=row.with(|row| row.key.last_use.clone())/> }}
            </Cell>
            <Cell label="Expires">
                {move || view! { <Expires at=row.with(|row| row.key.fields.expires_at)/> }}
            </Cell>
            <Cell label="Status">{status}</Cell>
            <RowActions id=menu_id name><KeyMenuItems row may_change role/></RowActions>
        </tr>
    }
}

#[component]
fn NameCell(key_id: KeyId, row: Signal<KeyRow>, name: Signal<String>) -> impl IntoView {
    let key_page = use_key_page();
    let (id, short, href) = (key_id.to_string(), short_id(key_id.as_str()), paths::key(&key_id));
    let is_fresh = move || key_page.fresh.with(|fresh| fresh.as_ref() == Some(&key_id));
    let (created_at, environment, is_protected) = row.with_untracked(|row| {
        let fields = &row.key.fields;
        (row.key.created_at, fields.environment, fields.name.is_admin_key())
    });
    view! {
        <div class="key-name-cell">
        <span class="key-name">
            <a class="key-name-link" href=href>{name}</a>
            {is_protected.then(|| view! { <Icon glyph=Glyph::Lock/> })}
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
fn OwnerCell(path: Memo<KeyListPath>, row: Signal<KeyRow>) -> impl IntoView {
    let owner = row.with_untracked(|row| row.key.owner.clone());
    let is_service_account = owner.service_account_id().is_some();
    let owner = StoredValue::new(owner);
    let href = move || path.with(|path| path.with_owner(Some(owner.get_value())).to_path());
    let title = move || {
        let email = row.with(|row| Some(row.owner_email.clone()).filter(|email| !email.is_empty()));
        let who = row.with(|row| owner_text(&row.owner_name, email.as_deref()));
        format!("{who}: show this owner's keys")
    };
    let mark = is_service_account.then(|| {
        view! { <Icon glyph=Glyph::Bot/> <span class="visually-hidden">"Service account "</span> }
    });
    view! {
        <Cell label="Owner">
            <a class="key-owner-link" href=href title=title>
                {mark} <span class="key-owner-name">{move || row.with(|row| row.owner_name.clone())}</span>
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
