//! The part of the Connect page for proxies: the choice of the gateway, the configuration, and whether requests arrive.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::gateway::{Gateway, GatewayRow, Proxy};
use model::id::GatewayId;

use super::path::{ConnectPath, Purpose};
use super::shown::{PageData, chosen};
use crate::components::gateways::{ActivitySource, LiveActivity, ProxySnippet, UpstreamForm};
use crate::paths::{self, CONNECT, GATEWAYS};
use crate::ui::{ButtonKind, ButtonLink, Choice, EmptyState, Glyph, Section, Select};

/// The submit button for browsers without JavaScript. It is a string because other browsers parse the content of
/// `noscript` as text, so there is no element to hydrate.
const SHOW: &str = "<button type=\"submit\" class=\"button button-secondary\">Show</button>";

#[component]
pub(super) fn ProxyPart(
    data: PageData,
    path: Memo<ConnectPath>,
    upstream: RwSignal<String>,
) -> impl IntoView {
    let PageData { server_url, gateways, seen, .. } = data;
    let Some(rows) = gateways else {
        return view! {
            <EmptyState
                icon=Glyph::Lock
                title="Only admins see gateways"
                sentence="To connect a proxy, you need a gateway. Ask an admin of the organization for its configuration."
            />
        }
        .into_any();
    };
    let wanted = path.with_untracked(|path| path.gateway.clone());
    let Some(GatewayRow { gateway, .. }) = chosen(&rows, wanted.as_ref()).cloned() else {
        return view! {
            <EmptyState
                icon=Glyph::Gateway
                title="A proxy needs a gateway"
                sentence="The gateway defines where the key is read from, what a request needs, and what your API learns about \
                          the key. Only a name is required."
            >
                <ButtonLink href=format!("{GATEWAYS}?do=create") kind=ButtonKind::Primary icon=Glyph::Plus>"Create gateway"</ButtonLink>
            </EmptyState>
        }
        .into_any();
    };
    let watched = ActivitySource::Gateway(gateway.gateway_id.clone());
    let proxy = Memo::new(move |before: Option<&Proxy>| match path.with(|path| path.purpose) {
        Purpose::Proxy(proxy) => proxy,
        Purpose::Code(_) => before.copied().unwrap_or(Proxy::Nginx),
    });
    let own = gateway.gateway_id.to_string();
    let hidden = Signal::derive(move || vec![("for", proxy.get().to_string()), ("gateway", own.clone())]);
    view! {
        <div class="key-page">
            <Section
                id="configuration-title"
                title="Proxy configuration"
                sentence="This is the complete file. Make sure that clients can reach your API only through the proxy."
            >
                <div class="connect-part">
                    <GatewayChoice rows=rows.into_iter().map(|row| row.gateway).collect() own=gateway.gateway_id.clone() proxy path/>
                    <UpstreamForm action=CONNECT.to_owned() hidden upstream/>
                    <ProxySnippet gateway server_url proxy upstream/>
                </div>
            </Section>
            <Section id="requests-title" title="Requests"><LiveActivity watched start=seen/></Section>
        </div>
    }
    .into_any()
}

/// Chooses the gateway. Without JavaScript it is a GET form that leads to this page.
#[component]
fn GatewayChoice(
    rows: Vec<Gateway>,
    own: GatewayId,
    proxy: Memo<Proxy>,
    path: Memo<ConnectPath>,
) -> impl IntoView {
    let page = paths::gateway(&own);
    let value = RwSignal::new(own.to_string());
    let choices: Vec<_> = rows
        .iter()
        .map(|gateway| Choice::new(gateway.gateway_id.to_string(), gateway.name.clone()))
        .collect();
    let navigate = StoredValue::new(use_navigate());
    let go = move |id: String| {
        let there = ConnectPath { gateway: GatewayId::parse(&id).ok(), ..path.get_untracked() };
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&there.to_path(), options));
    };
    view! {
        <form class="connect-gateway" method="get" action=CONNECT>
            <input type="hidden" name="for" value=move || proxy.get().to_string()/>
            <Select id="gateway" label="Gateway" choices value on_choose=go/>
            <noscript inner_html=SHOW></noscript>
            <a class="connect-rules" href=page>"View its rules"</a>
        </form>
    }
}
