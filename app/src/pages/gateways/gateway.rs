//! The page of one gateway: request activity, proxy configurations, rules, details and history.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::audit::AuditEvent;
use model::gateway::{Gateway, GatewayDetails, Proxy};
use model::id::GatewayId;
use model::problem::{Code, Problem};

use super::actions::gateway_actions;
use super::dialogs::GatewayDialogs;
use super::facts::{GatewayFacts, IdentityHeaderFacts};
use super::page::GatewaysForAdmins;
use super::path::{GatewayDialog, GatewayPath};
use super::rules::GatewayRules;
use crate::components::gateways::{ActivitySource, LiveActivity, ProxySnippet, UpstreamForm, proxy_name};
use crate::components::keys::History;
use crate::components::list_page::OpenDialog;
use crate::components::problem::ProblemView;
use crate::error::ConsoleError;
use crate::fns::FnResult;
use crate::fns::gateways::{gateway_history, get_gateway};
use crate::fns::keys::key_settings;
use crate::hydration::mark_hydrated;
use crate::paths;
use crate::query::use_query;
use crate::resource::read;
use crate::ui::{ButtonLink, EmptyState, Glyph, LinkTab, LinkTabs, PageHeader, Section, SkeletonLines};

/// The data that the page loads.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct PageData {
    details: GatewayDetails,
    events: Vec<AuditEvent>,
    server_url: String,
}

/// The page of one gateway. Only admins may see it.
#[component]
pub fn GatewayPage() -> impl IntoView {
    mark_hydrated();
    view! { <GatewaysForAdmins><OneGateway/></GatewaysForAdmins> }
}

#[component]
fn OneGateway() -> impl IntoView {
    let params = use_params_map();
    let query = use_query();
    let actions = gateway_actions();
    let id = Memo::new(move |_| params.with(|params| params.get("gateway_id").unwrap_or_default()));
    let shown = read(move || (id.get(), actions.update.version()), |(id, _)| load(id));
    let path = Memo::new(move |_| query.with(GatewayPath::of));
    let task = Memo::new(move |_| {
        let id = GatewayId::parse(&id.get()).ok()?;
        path.get().dialog.map(|dialog| OpenDialog::With(dialog, id))
    });
    let back = Signal::derive(move || {
        let without = path.get().with_dialog(None);
        GatewayId::parse(&id.get()).map_or_else(|_| paths::GATEWAYS.to_owned(), |id| without.to_path(&id))
    });
    view! {
        <Transition fallback=|| view! { <Title text="Gateway"/><SkeletonLines lines=8/> }>
            {move || shown.get().map(|shown| match shown {
                Ok(data) => view! { <Loaded data path/> }.into_any(),
                Err(error) if error.code() == Code::NotFound => view! { <Missing/> }.into_any(),
                Err(error) => view! { <Title text="Gateway"/><ProblemView error/> }.into_any(),
            })}
        </Transition>
        <GatewayDialogs task back actions/>
    }
}

async fn load(id: String) -> FnResult<PageData> {
    let missing = |_| ConsoleError::from(Problem::new(Code::NotFound, "There is no such gateway."));
    let id = GatewayId::parse(&id).map_err(missing)?;
    let details = get_gateway(id.clone()).await?;
    let events = gateway_history(id).await?;
    let server_url = key_settings().await?.server_url;
    Ok(PageData { details, events, server_url })
}

#[component]
fn Loaded(data: PageData, path: Memo<GatewayPath>) -> impl IntoView {
    let PageData { details, events, server_url } = data;
    let gateway = details.gateway.clone();
    let watched = ActivitySource::Gateway(gateway.gateway_id.clone());
    let start = details.seen.clone();
    let (id, name) = (gateway.gateway_id.clone(), gateway.name.clone());
    let configured = gateway.clone();
    let ruled = gateway.clone();
    view! {
        <Title text=name.clone()/>
        <PageHeader title=name crumbs=vec![("Gateways".to_owned(), paths::GATEWAYS.to_owned())]>
            <GatewayActions id path/>
        </PageHeader>
        <div class="key-page">
            <Section id="requests-title" title="Requests"><LiveActivity watched start/></Section>
            <Configuration gateway=configured server_url path/>
            <GatewayRules gateway=ruled/>
            <GatewayFacts details/>
            <IdentityHeaderFacts gateway/>
            <Section id="history-title" title="History"><History of="the gateway" events/></Section>
        </div>
    }
}

#[component]
fn GatewayActions(id: GatewayId, path: Memo<GatewayPath>) -> impl IntoView {
    let id = StoredValue::new(id);
    let link = move |dialog: GatewayDialog| {
        Signal::derive(move || id.with_value(|id| path.get().with_dialog(Some(dialog)).to_path(id)))
    };
    view! {
        <ButtonLink href=link(GatewayDialog::Remove) icon=Glyph::Trash>"Remove"</ButtonLink>
        <ButtonLink href=link(GatewayDialog::Edit) icon=Glyph::Pencil>"Edit"</ButtonLink>
    }
}

/// The complete configuration for each proxy, filled in with this server's address.
#[component]
fn Configuration(gateway: Gateway, server_url: String, path: Memo<GatewayPath>) -> impl IntoView {
    let id = StoredValue::new(gateway.gateway_id.clone());
    let upstream = RwSignal::new(path.with_untracked(|path| path.upstream.clone()));
    let proxy = Memo::new(move |_| path.with(|path| path.proxy));
    let tabs = Proxy::ALL
        .iter()
        .map(|own| {
            let href = Signal::derive(move || {
                let there = GatewayPath { upstream: upstream.get(), ..path.get().with_proxy(*own) };
                id.with_value(|id| there.to_path(id))
            });
            let current = Signal::derive(move || proxy.get() == *own);
            view! { <LinkTab href current>{proxy_name(*own)}</LinkTab> }
        })
        .collect_view();
    let hidden = Signal::derive(move || vec![("proxy", proxy.get().to_string())]);
    view! {
        <Section
            id="configuration-title"
            title="Proxy configuration"
            sentence="This is the complete file. Make sure that clients can reach your API only through the proxy."
        >
            <div class="connect-part">
                <LinkTabs label="Proxies">{tabs}</LinkTabs>
                <UpstreamForm action=paths::gateway(&gateway.gateway_id) hidden upstream/>
                <ProxySnippet gateway server_url proxy upstream/>
            </div>
        </Section>
    }
}

#[component]
fn Missing() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::response::set_page_status(Code::NotFound);
    view! {
        <Title text="Gateway not found"/>
        <PageHeader title="Gateway not found" crumbs=vec![("Gateways".to_owned(), paths::GATEWAYS.to_owned())]/>
        <EmptyState
            icon=Glyph::Gateway
            title="There is no such gateway"
            sentence="The address may be mistyped, or the gateway was removed or belongs to another organization."
        >
            <ButtonLink href=paths::GATEWAYS>"Go to the gateways"</ButtonLink>
        </EmptyState>
    }
}
