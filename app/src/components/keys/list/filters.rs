//! The filters of the key list: the menus that set them, and the chips that show which are set.

use leptos::prelude::*;

use model::key::{FoundOwner, Permission};
use model::metadata::MetadataFilter;

use crate::components::keys::form::has_more;
use crate::components::keys::list_path::KeyListPath;
use crate::components::keys::permission_text::title;
use crate::ui::{ButtonKind, Chip, Chips, Glyph, Menu, MenuLine, MenuLink};

/// The menu that limits the list to keys with one permission.
#[component]
pub fn PermissionFilter(path: Memo<KeyListPath>) -> impl IntoView {
    let item = move |permission: Option<Permission>, words: &'static str| {
        let href = Signal::derive(move || path.with(|path| path.with_permission(permission).to_path()));
        let current = Signal::derive(move || path.with(|path| path.query.filter.permission == permission));
        view! { <MenuLink href current>{words}</MenuLink> }
    };
    let items =
        Permission::ALL.iter().map(|permission| item(Some(*permission), title(*permission))).collect_view();
    view! {
        <Menu id="filter-permission" label="Permission" icon=Glyph::Filter kind=ButtonKind::Secondary>
            {item(None, "Any permission")}
            {items}
        </Menu>
    }
}

/// The menu that limits the list to the keys of one owner, a member or a service account.
#[component]
pub fn OwnerFilter(path: Memo<KeyListPath>, owners: Vec<FoundOwner>) -> impl IntoView {
    let item = move |owner: Option<FoundOwner>| {
        let words = owner.as_ref().map_or_else(|| "Any owner".to_owned(), |owner| owner.name.clone());
        let icon = owner.as_ref().map(|owner| if owner.role.is_some() { Glyph::User } else { Glyph::Bot });
        let id = StoredValue::new(owner.map(|owner| owner.owner));
        let href = Signal::derive(move || path.with(|path| path.with_owner(id.get_value()).to_path()));
        let current = Signal::derive(move || path.with(|path| path.query.filter.owner == id.get_value()));
        match icon {
            Some(icon) => view! { <MenuLink href current icon>{words}</MenuLink> }.into_any(),
            None => view! { <MenuLink href current>{words}</MenuLink> }.into_any(),
        }
    };
    let more = has_more(&owners).then(|| {
        view! { <p class="key-menu-why">"There are more owners. Search the list for the name of another one."</p> }
    });
    let (people, service_accounts): (Vec<_>, Vec<_>) =
        owners.into_iter().partition(|owner| owner.role.is_some());
    let line = (!service_accounts.is_empty()).then(|| view! { <MenuLine/> });
    let items =
        move |owners: Vec<FoundOwner>| owners.into_iter().map(|owner| item(Some(owner))).collect_view();
    view! {
        <Menu id="filter-owner" label="Owner" icon=Glyph::User kind=ButtonKind::Secondary>
            {item(None)}
            {items(people)}
            {line}
            {items(service_accounts)}
            {more}
        </Menu>
    }
}

/// The filters that are set, each with a link that removes it.
#[component]
pub fn FilterChips(
    path: KeyListPath,
    /// The name of the owner whose keys are listed, if known.
    owner: Option<String>,
) -> impl IntoView {
    let filter = &path.query.filter;
    let mut chips: Vec<(String, String, String)> = Vec::new();
    if !filter.search.is_empty() {
        chips.push(("Search".into(), filter.search.clone(), path.with_search("").to_path()));
    }
    if let Some(id) = &filter.owner {
        chips.push((
            "Owner".into(),
            owner.unwrap_or_else(|| id.to_string()),
            path.with_owner(None).to_path(),
        ));
    }
    if let Some(permission) = filter.permission {
        chips.push(("Permission".into(), title(permission).to_owned(), path.with_permission(None).to_path()));
    }
    if let Some(environment) = filter.environment {
        chips.push(("Environment".into(), environment.to_string(), path.with_environment(None).to_path()));
    }
    for MetadataFilter { name, value } in &filter.metadata {
        chips.push((format!("Metadata {name}"), value.clone(), path.with_metadata(name, "").to_path()));
    }
    let cleared = path.unfiltered().to_path();
    (!chips.is_empty()).then(|| {
        let chips = chips
            .into_iter()
            .map(|(name, value, remove_href)| view! { <Chip name value remove_href/> })
            .collect_view();
        view! { <Chips clear_href=cleared>{chips}</Chips> }
    })
}
