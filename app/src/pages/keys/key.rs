//! The page of one key: details, permissions, history and actions.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use model::audit::AuditEvent;
use model::id::KeyId;
use model::key::KeyDetails;
use model::problem::{Code, Problem};

use crate::components::keys::{
    EnvironmentBadge, ExtendDialog, GracePeriodPanel, History, KeyActions, KeyDialogs, KeyFacts,
    KeyPageState, KeyRights, KeyStatusBadge, row_of,
};
use crate::components::metadata::MetadataList;
use crate::components::problem::ProblemView;
use crate::error::ConsoleError;
use crate::fns::FnResult;
use crate::fns::keys::{get_key, key_history, key_settings};
use crate::hydration::mark_hydrated;
use crate::paths;
use crate::resource::read;
use crate::state::me::use_me;
use crate::ui::{ButtonLink, EmptyState, Glyph, PageHeader, Section, SkeletonLines};

/// The data that the page loads.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct PageData {
    details: KeyDetails,
    events: Vec<AuditEvent>,
    default_limit: Option<u32>,
}

#[component]
pub fn KeyPage() -> impl IntoView {
    mark_hydrated();
    let key_page = KeyPageState::provide();
    let role = use_me().with_untracked(|me| me.role);
    let params = use_params_map();
    let key_id = Memo::new(move |_| params.with(|params| params.get("key_id").unwrap_or_default()));
    let shown = read(move || (key_id.get(), key_page.version()), |(key_id, _)| load(key_id));
    view! {
        <Transition fallback=|| view! { <Title text="Key"/><SkeletonLines lines=8/> }>
            {move || shown.get().map(|shown| match shown {
                Ok(data) => view! { <Loaded data/> }.into_any(),
                Err(error) if error.code() == Code::NotFound => view! { <Missing/> }.into_any(),
                Err(error) => view! { <Title text="Key"/><ProblemView error/> }.into_any(),
            })}
        </Transition>
        <KeyDialogs role/>
        <ExtendDialog/>
    }
}

/// Loads in sequence, so that nothing more is loaded for a key that does not exist.
async fn load(key_id: String) -> FnResult<PageData> {
    let missing = |_| ConsoleError::from(Problem::new(Code::NotFound, "There is no such key."));
    let key_id = KeyId::parse(&key_id).map_err(missing)?;
    let details = get_key(key_id.clone()).await?;
    let events = key_history(key_id).await?;
    let default_limit = key_settings().await.ok().map(|settings| settings.rate_limit_default);
    Ok(PageData { details, events, default_limit })
}

#[component]
fn Loaded(data: PageData) -> impl IntoView {
    let PageData { details, events, default_limit } = data;
    let role = use_me().with_untracked(|me| me.role);
    let name = details.key.fields.name.as_str().to_owned();
    let description = Some(details.key.fields.description.clone()).filter(|text| !text.is_empty());
    let (environment, metadata) = (details.key.fields.environment, details.key.fields.metadata.clone());
    let row = row_of(details.clone());
    let (facts, key) = (details.clone(), details.key.clone());
    let grace =
        (!details.grace_periods.is_empty()).then(|| view! { <GracePeriodPanel details=details.clone()/> });
    view! {
        <Title text=name.clone()/>
        <PageHeader
            title=name
            sentence=description
            crumbs=vec![("Keys".to_owned(), paths::KEYS.to_owned())]
            beside=move || view! { <KeyStatusBadge id="key-status" row/> <EnvironmentBadge environment/> }
        >
            <KeyActions details role/>
        </PageHeader>
        <div class="key-page">
            {grace}
            <KeyFacts details=facts default_limit/>
            <KeyRights key/>
            <MetadataList metadata/>
            <Section id="history-title" title="History"><History of="the key" events/></Section>
        </div>
    }
}

#[component]
fn Missing() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::response::set_page_status(Code::NotFound);
    view! {
        <Title text="Key not found"/>
        <PageHeader title="Key not found" crumbs=vec![("Keys".to_owned(), paths::KEYS.to_owned())]/>
        <EmptyState
            icon=Glyph::Key
            title="There is no such key"
            sentence="The address may be mistyped, or the key belongs to someone else or to another organization."
        >
            <ButtonLink href=paths::KEYS>"Go to the keys"</ButtonLink>
        </EmptyState>
    }
}
