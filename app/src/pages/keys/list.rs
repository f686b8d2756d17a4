//! The page that lists the keys, with the dialogs that create and change them.

use leptos::prelude::*;
use leptos_meta::Title;

use model::key::{FoundOwner, KeyPage, KeyQuery};
use model::session::Me;
use model::user::Role;

use crate::components::keys::{
    CreateDialog, EmptyKeys, EnvironmentFilter, FilterChips, KeyDialogs, KeyListPath, KeyPageState, KeyPages,
    KeyTable, KeyTableHead, MetadataFilter, NeedsJavaScript, OwnerFilter, PermissionFilter, SearchForm,
    SortMenu, ViewTabs,
};
use crate::components::list_page::Reloaded;
use crate::fns::keys::{find_owners, page_keys};
use crate::hydration::mark_hydrated;
use crate::query::use_query;
use crate::resource::{JsonRead, read};
use crate::state::me::use_me;
use crate::ui::{ButtonKind, ButtonLink, Glyph, PageHeader, SkeletonRows, Table};

/// The list of keys. Its path contains everything that decides which keys it shows.
#[component]
pub fn KeysPage() -> impl IntoView {
    mark_hydrated();
    let key_page = KeyPageState::provide();
    let me = use_me();
    let role = me.with_untracked(|me| me.role);
    let parameters = use_query();
    let path = Memo::new(move |_| parameters.with(KeyListPath::of));
    let query = Memo::new(move |_| path.with(|path| path.query.clone()));
    let page = read(move || (query.get(), key_page.version()), |(query, _)| page_keys(query));
    let owners = read(
        move || path.with(|path| path.query.filter.owner.clone()),
        move |chosen| async move {
            if role == Role::Admin {
                find_owners(String::new(), chosen).await.unwrap_or_default()
            } else {
                Vec::new()
            }
        },
    );
    let sentence = if role == Role::Admin {
        "Every API key of the organization: who owns it, what it may do, and whether it is still needed."
    } else {
        "Your API keys in this organization: what they may do, and whether they are still needed."
    };
    let create = move || (role != Role::Viewer).then(|| view! { <CreateLink path/> });
    view! {
        <Title text="Keys"/>
        <PageHeader title="Keys" sentence=Some(sentence.to_owned())>{create()}</PageHeader>
        <Counts path page/>
        <Toolbar path owners role/>
        <List path query page owners/>
        {(role != Role::Viewer).then(|| view! { <CreateDialog path me=me.with_untracked(Me::clone)/> })}
        <KeyDialogs role/>
    }
}

/// One page of keys. It has to be read with `get` and not awaited in a `Suspend`. While the next rows load, the current
/// rows still follow their signals, and a `Suspend` drops those signals as soon as it starts again.
type PageResource = JsonRead<crate::fns::FnResult<KeyPage>>;

/// The owners that the filter offers, including the one whose keys are listed.
type Owners = JsonRead<Vec<FoundOwner>>;

#[component]
fn CreateLink(path: Memo<KeyListPath>) -> impl IntoView {
    let href = Signal::derive(move || path.with(|path| path.creating(None).to_path()));
    view! {
        <ButtonLink href kind=ButtonKind::Primary icon=Glyph::Plus>"Create key"</ButtonLink>
        <NeedsJavaScript/>
    }
}

#[component]
fn Counts(path: Memo<KeyListPath>, page: PageResource) -> impl IntoView {
    view! {
        <Transition fallback=move || view! { <ViewTabs path totals=None/> }>
            {move || page.get().map(|page| view! { <ViewTabs path totals=page.ok().map(|page| page.totals)/> })}
        </Transition>
    }
}

#[component]
fn Toolbar(path: Memo<KeyListPath>, owners: Owners, role: Role) -> impl IntoView {
    view! {
        <div class="key-toolbar">
            <SearchForm path/>
            <div class="key-filters">
                {(role == Role::Admin).then(|| view! {
                    <Transition fallback=|| ()>
                        {move || owners.get().map(|owners| view! { <OwnerFilter path owners/> })}
                    </Transition>
                })}
                <PermissionFilter path/>
                <EnvironmentFilter path/>
                <MetadataFilter path/>
                <SortMenu path/>
            </div>
        </div>
    }
}

#[component]
fn List(path: Memo<KeyListPath>, query: Memo<KeyQuery>, page: PageResource, owners: Owners) -> impl IntoView {
    let me = use_me();
    let with_owner = me.is_admin();
    // Computed here, because the pending state of `Transition` sometimes stays true after hydration.
    let shown = RwSignal::new(query.get_untracked());
    Effect::new(move || {
        page.track();
        shown.set(query.get_untracked());
    });
    let busy = Signal::derive(move || query.with(|query| shown.with(|shown| shown != query)));
    let loading = move || {
        let columns = if with_owner { 8 } else { 7 };
        view! {
            <Table label="Keys" busy=true>
                <KeyTableHead path with_owner/>
                <tbody><SkeletonRows columns/></tbody>
            </Table>
        }
    };
    view! {
        <Transition fallback=|| ()>
            {move || page.get().zip(owners.get()).map(|(page, owners)| {
                view! { <ActiveFilters path=path.get_untracked() page=page.ok() owners/> }
            })}
        </Transition>
        <Reloaded
            found=page
            fallback=loading
            view=move |page| view! { <Loaded path page busy/> }.into_any()
        />
    }
}

/// The active filters. The owner is shown by name even if the list is empty.
#[component]
fn ActiveFilters(path: KeyListPath, page: Option<KeyPage>, owners: Vec<FoundOwner>) -> impl IntoView {
    let owner = path.query.filter.owner.as_ref().and_then(|owner| {
        let found = owners.into_iter().find(|one| one.owner == *owner).map(|one| one.name);
        found.or_else(|| page?.rows.into_iter().next().map(|row| row.owner_name))
    });
    view! { <FilterChips path owner/> }
}

#[component]
fn Loaded(path: Memo<KeyListPath>, page: Signal<KeyPage>, busy: Signal<bool>) -> impl IntoView {
    let (role, own_id) = use_me().with_untracked(|me| (me.role, me.user_id.clone()));
    // Follows the path when the list of the new path has arrived, so that rows and links agree.
    let shown = Memo::new(move |_| {
        page.track();
        path.get_untracked()
    });
    let rows = Memo::new(move |_| page.with(|page| page.rows.clone()));
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    move || {
        if is_empty.get() {
            let totals = page.with(|page| page.totals);
            return view! { <EmptyKeys path=shown.get() totals role/> }.into_any();
        }
        view! {
            <KeyTable path rows role own_id=own_id.clone() busy/>
            <KeyPages shown page/>
        }
        .into_any()
    }
}
