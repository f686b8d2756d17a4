//! Loads the data of the Connect page, and shows the part for code or the part for proxies.

use leptos::prelude::*;
use leptos_meta::Title;
use model::gateway::{GatewayActivity, GatewayRow};

use super::{
    code::Code,
    proxy::ProxyPart,
    url::{ConnectUrl, Purpose},
};
use crate::{
    components::{
        gateways::{ActivitySource, LiveActivity, proxy_name},
        problem::ProblemView,
    },
    fns::{FnResult, gateways::list_gateways, keys::key_settings},
    hydration::mark_hydrated,
    query::use_query,
    resource::read,
    state::me::use_me,
    ui::{ButtonLink, CodeBlock, LinkTab, LinkTabs, PageHeader, Section, SkeletonLines},
};

/// The data that the page loads.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct PageData {
    pub server_url: String,
    /// Whether the page is for a proxy, and not for code.
    pub for_proxy: bool,
    /// Loaded only for admins, and only if `for_proxy` is true.
    pub gateways: Option<Vec<GatewayRow>>,
    /// The activity of the chosen gateway, or of the keys if the page is for code.
    pub seen: GatewayActivity,
}

#[component]
pub fn ConnectPage() -> impl IntoView {
    mark_hydrated();
    let query = use_query();
    let is_admin = use_me().is_admin();
    let address = Memo::new(move |_| query.with(ConnectUrl::of));
    // The part of the address that decides what is loaded. A change from one language to another, or from one proxy to
    // another, loads nothing.
    let wanted = Memo::new(move |_| {
        let ConnectUrl { purpose, gateway, .. } = address.get();
        (matches!(purpose, Purpose::Proxy(_)), gateway)
    });
    let shown = read(move || wanted.get(), move |(for_proxy, gateway)| load(is_admin, for_proxy, gateway));
    let retry = move || shown.refetch();
    let upstream = RwSignal::new(address.with_untracked(|address| address.upstream.clone()));
    let sentence = "Code and proxy configurations to copy, filled in with this server's address.";
    view! {
        <Title text="Connect"/>
        <PageHeader title="Connect" sentence=Some(sentence.to_owned())/>
        <Choices address upstream/>
        <Transition fallback=|| view! { <SkeletonLines lines=8/> }>
            {move || shown.get().map(|shown| match shown {
                Ok(data) => view! { <Part data address upstream/> }.into_any(),
                Err(error) => view! { <ProblemView error on_retry=move |()| retry()/> }.into_any(),
            })}
        </Transition>
    }
}

async fn load(is_admin: bool, for_proxy: bool, gateway: Option<model::id::GatewayId>) -> FnResult<PageData> {
    let server_url = key_settings().await?.server_url;
    let gateways = if is_admin && for_proxy { Some(list_gateways().await?) } else { None };
    let chosen = gateways.as_deref().and_then(|rows| chosen(rows, gateway.as_ref()));
    let watched = if for_proxy {
        chosen.map(|row| ActivitySource::Gateway(row.gateway.gateway_id.clone()))
    } else {
        Some(ActivitySource::Keys)
    };
    let seen = match watched {
        Some(watched) => watched.fetch().await?,
        None => GatewayActivity::default(),
    };
    Ok(PageData { server_url, for_proxy, gateways, seen })
}

/// The gateway with the id `wanted`, or the first one if there is no such gateway.
pub(super) fn chosen<'a>(
    rows: &'a [GatewayRow],
    wanted: Option<&model::id::GatewayId>,
) -> Option<&'a GatewayRow> {
    rows.iter().find(|row| Some(&row.gateway.gateway_id) == wanted).or(rows.first())
}

#[component]
fn Choices(address: Memo<ConnectUrl>, upstream: RwSignal<String>) -> impl IntoView {
    let tabs = Purpose::all()
        .map(|purpose| {
            let href = Signal::derive(move || {
                let there = ConnectUrl { upstream: upstream.get(), ..address.get().with_purpose(purpose) };
                there.to_url()
            });
            let current = Signal::derive(move || address.with(|address| address.purpose == purpose));
            let name = match purpose {
                Purpose::Code(code) => code.name(),
                Purpose::Proxy(proxy) => proxy_name(proxy),
            };
            view! { <LinkTab href current>{name}</LinkTab> }
        })
        .collect_view();
    view! { <div class="connect-choices"><LinkTabs label="Connect with">{tabs}</LinkTabs></div> }
}

#[component]
fn Part(data: PageData, address: Memo<ConnectUrl>, upstream: RwSignal<String>) -> impl IntoView {
    // Follows the loaded data and not the selected tab, because the data for a newly selected tab may still be loading.
    if data.for_proxy {
        view! { <ProxyPart data address upstream/> }.into_any()
    } else {
        view! { <CodePart data address/> }.into_any()
    }
}

#[component]
fn CodePart(data: PageData, address: Memo<ConnectUrl>) -> impl IntoView {
    let PageData { server_url, seen, .. } = data;
    let is_admin = untrack(|| use_me().is_admin());
    let language = Memo::new(move |before: Option<&Code>| match address.with(|address| address.purpose) {
        Purpose::Code(code) => code,
        Purpose::Proxy(_) => before.copied().unwrap_or(Code::Curl),
    });
    let code = Signal::derive(move || language.get().text(&server_url));
    view! {
        <div class="key-page">
            <Section
                id="ask-title"
                title="Verify each key"
                sentence="Your code receives a key and asks Keystead whether it is valid."
            >
                <div class="connect-part">
                    {move || view! { <CodeBlock id="snippet" label=language.get().name() code/> }}
                    <p class="connect-note">
                        "KEYSTEAD_KEY is the key with which your program calls Keystead. Use a key of a service account with the \
                         permission " <code>"apikey:verify"</code>", or a key with the permission admin. "
                        {if is_admin { "Create it once, and store it as the program's secret." } else { "Ask an admin for it." }}
                    </p>
                    {is_admin.then(|| view! {
                        <p class="connect-links">
                            <ButtonLink small=true href="/service-accounts?do=create">"Create a service account"</ButtonLink>
                            <ButtonLink small=true href="/keys?create=1">"Create a key to try it with"</ButtonLink>
                        </p>
                    })}
                </div>
            </Section>
            <Section
                id="requests-title"
                title="Requests"
                sentence="The latest use of any key that you can see."
            >
                <LiveActivity watched=ActivitySource::Keys start=seen/>
            </Section>
        </div>
    }
}
