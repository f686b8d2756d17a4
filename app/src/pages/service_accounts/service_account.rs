//! The page of one service account: details, keys and history.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::audit::AuditEvent;
use model::id::ServiceAccountId;
use model::key::{KeyFilter, KeyOwner, KeyPage, KeyQuery, KeyView};
use model::page::PageSize;
use model::problem::{Code, Problem};
use model::service_account::{AccountStatus, ServiceAccount, ServiceAccountDetails};

use super::actions::service_account_actions;
use super::dialogs::ServiceAccountDialogs;
use super::facts::ServiceAccountFacts;
use super::keys::ServiceAccountKeys;
use super::page::ServiceAccountsForAdmins;
use super::path::{ServiceAccountDialog, dialog_of, page_with};
use super::row::new_key_of;
use super::status::ServiceAccountBadge;
use crate::components::keys::History;
use crate::components::list_page::OpenDialog;
use crate::components::problem::ProblemView;
use crate::error::ConsoleError;
use crate::fns::FnResult;
use crate::fns::keys::page_keys;
use crate::fns::service_accounts::{get_service_account, service_account_history};
use crate::hydration::mark_hydrated;
use crate::paths;
use crate::query::use_query;
use crate::resource::read;
use crate::ui::{
    ButtonKind, ButtonLink, Callout, EmptyState, Glyph, PageHeader, RelativeTime, Section, SkeletonLines,
    Tone,
};

/// How many keys the page shows. A link leads to all of them.
const KEYS_SHOWN: u32 = 10;

/// The data that the page loads.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct PageData {
    details: ServiceAccountDetails,
    keys: KeyPage,
    events: Vec<AuditEvent>,
}

/// The page of one service account. Only admins may see it.
#[component]
pub fn ServiceAccountPage() -> impl IntoView {
    mark_hydrated();
    view! { <ServiceAccountsForAdmins><OneServiceAccount/></ServiceAccountsForAdmins> }
}

#[component]
fn OneServiceAccount() -> impl IntoView {
    let params = use_params_map();
    let query = use_query();
    let actions = service_account_actions();
    let id = Memo::new(move |_| params.with(|params| params.get("service_account_id").unwrap_or_default()));
    let shown = read(move || (id.get(), actions.version()), |(id, _)| load(id));
    let task = Memo::new(move |_| {
        let id = ServiceAccountId::parse(&id.get()).ok()?;
        query.with(dialog_of).map(|dialog| OpenDialog::With(dialog, id))
    });
    let back = Signal::derive(move || {
        ServiceAccountId::parse(&id.get())
            .map_or_else(|_| paths::SERVICE_ACCOUNTS.to_owned(), |id| paths::service_account(&id))
    });
    view! {
        <Transition fallback=|| view! { <Title text="Service account"/><SkeletonLines lines=8/> }>
            {move || shown.get().map(|shown| match shown {
                Ok(data) => view! { <Loaded data/> }.into_any(),
                Err(error) if error.code() == Code::NotFound => view! { <Missing/> }.into_any(),
                Err(error) => view! { <Title text="Service account"/><ProblemView error/> }.into_any(),
            })}
        </Transition>
        <ServiceAccountDialogs task back actions/>
    }
}

/// Loads in sequence, so that nothing more is loaded for a service account that does not exist.
async fn load(id: String) -> FnResult<PageData> {
    let missing = |_| ConsoleError::from(Problem::new(Code::NotFound, "There is no such service account."));
    let id = ServiceAccountId::parse(&id).map_err(missing)?;
    let details = get_service_account(id.clone()).await?;
    let is_active = details.account.status() == AccountStatus::Active;
    let filter = KeyFilter {
        view: if is_active { KeyView::Active } else { KeyView::All },
        owner: Some(KeyOwner::ServiceAccount(id.clone())),
        ..KeyFilter::default()
    };
    let query = KeyQuery { filter, size: PageSize::new(KEYS_SHOWN), ..KeyQuery::default() };
    let keys = page_keys(query).await?;
    let events = service_account_history(id).await?;
    Ok(PageData { details, keys, events })
}

#[component]
fn Loaded(data: PageData) -> impl IntoView {
    let PageData { details, keys, events } = data;
    let service_account = details.account.clone();
    let status = service_account.status();
    let active = (status == AccountStatus::Active).then(|| service_account.clone());
    let description = Some(service_account.description.clone()).filter(|text| !text.is_empty());
    let ended = service_account.disabled_at.map(|at| view! {
        <Callout tone=Tone::Neutral title="Disabled for good">
            "Disabled " <RelativeTime at/> ". None of its keys works anymore. The keys and the history stay visible here."
        </Callout>
    });
    view! {
        <Title text=service_account.name.clone()/>
        <PageHeader
            title=service_account.name.clone()
            sentence=description
            crumbs=vec![("Service accounts".to_owned(), paths::SERVICE_ACCOUNTS.to_owned())]
            beside=move || view! { <ServiceAccountBadge status/> }
        >
            {active.map(|service_account| view! { <ServiceAccountActions service_account/> })}
        </PageHeader>
        <div class="key-page">
            {ended}
            <ServiceAccountFacts details/>
            <ServiceAccountKeys service_account keys/>
            <Section id="history-title" title="History"><History of="the service account" events/></Section>
        </div>
    }
}

#[component]
fn ServiceAccountActions(service_account: ServiceAccount) -> impl IntoView {
    let id = &service_account.service_account_id;
    view! {
        <ButtonLink href=page_with(id, ServiceAccountDialog::Edit) icon=Glyph::Pencil>"Edit"</ButtonLink>
        <ButtonLink href=page_with(id, ServiceAccountDialog::Disable) icon=Glyph::Ban>"Disable"</ButtonLink>
        <ButtonLink href=new_key_of(&service_account) kind=ButtonKind::Primary icon=Glyph::Plus>"Create key"</ButtonLink>
    }
}

#[component]
fn Missing() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::response::set_page_status(Code::NotFound);
    view! {
        <Title text="Service account not found"/>
        <PageHeader
            title="Service account not found"
            crumbs=vec![("Service accounts".to_owned(), paths::SERVICE_ACCOUNTS.to_owned())]
        />
        <EmptyState
            icon=Glyph::Bot
            title="There is no such service account"
            sentence="The address may be mistyped, or the service account belongs to another organization."
        >
            <ButtonLink href=paths::SERVICE_ACCOUNTS>"Go to the service accounts"</ButtonLink>
        </EmptyState>
    }
}
