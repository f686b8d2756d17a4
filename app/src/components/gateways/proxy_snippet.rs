//! The configuration of a proxy.

use leptos::prelude::*;
use model::gateway::{Gateway, Proxy, ProxyAddress, snippet};

use super::upstream_form::{UPSTREAM, upstream_of};
use crate::ui::{Callout, CodeBlock, Tone};

/// The proxy's own name.
pub const fn proxy_name(proxy: Proxy) -> &'static str {
    match proxy {
        Proxy::Nginx => "nginx",
        Proxy::Caddy => "Caddy",
        Proxy::Traefik => "Traefik",
        Proxy::Envoy => "Envoy",
    }
}

/// The file that the configuration is usually put in.
const fn file_name(proxy: Proxy) -> &'static str {
    match proxy {
        Proxy::Nginx => "/etc/nginx/conf.d/api.conf",
        Proxy::Caddy => "Caddyfile",
        Proxy::Traefik => "dynamic.yaml",
        Proxy::Envoy => "envoy.yaml",
    }
}

/// A request to try it out with, where the written configuration listens.
fn trial(gateway: &Gateway) -> String {
    let header = &gateway.key_header;
    let value = if header.is_authorization() { "Bearer $KEY" } else { "$KEY" };
    format!("curl -i http://127.0.0.1:8000/ -H \"{}: {value}\"", header.as_str())
}

/// The whole configuration, filled in, and a request to try it with. While an address is being typed, the one before stands.
#[component]
pub fn ProxySnippet(
    gateway: Gateway,
    /// Where the proxy reaches this server.
    server_url: String,
    proxy: Memo<Proxy>,
    /// Where requests go on to, as typed.
    upstream: RwSignal<String>,
) -> impl IntoView {
    let Ok(server) = ProxyAddress::parse(&server_url) else {
        return view! {
            <Callout tone=Tone::Warning title="No configuration can be written">
                "This server's own address, " <code class="mono">{server_url}</code>", cannot stand in a proxy's configuration. The \
                 operator sets it with KEYSTEAD_PUBLIC_URL."
            </Callout>
        }
        .into_any();
    };
    let good = Memo::new(move |before: Option<&String>| {
        let typed = upstream.get();
        let before = || before.cloned().unwrap_or_else(|| UPSTREAM.to_owned());
        if upstream_of(&typed).is_ok() { typed } else { before() }
    });
    let trial = trial(&gateway);
    let code = Signal::derive(move || {
        let upstream = upstream_of(&good.get());
        upstream.map(|upstream| snippet(proxy.get(), &gateway, &server, &upstream)).unwrap_or_default()
    });
    view! {
        {move || view! { <CodeBlock id="configuration" label=file_name(proxy.get()) code/> }}
        <CodeBlock id="trial" label="A request to try it with, KEY being a key's secret" code=Signal::stored(trial)/>
    }
    .into_any()
}
