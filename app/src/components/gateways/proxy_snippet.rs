//! The configuration of a proxy, ready to copy.

use leptos::prelude::*;
use model::gateway::{Gateway, Proxy, ProxyAddress, snippet};

use super::upstream_form::{UPSTREAM, upstream_of};
use crate::ui::{Callout, CodeBlock, Tone};

/// The name of the proxy as its makers write it.
pub const fn proxy_name(proxy: Proxy) -> &'static str {
    match proxy {
        Proxy::Nginx => "nginx",
        Proxy::Caddy => "Caddy",
        Proxy::Traefik => "Traefik",
        Proxy::Envoy => "Envoy",
    }
}

/// The file in which the configuration is usually stored.
const fn file_name(proxy: Proxy) -> &'static str {
    match proxy {
        Proxy::Nginx => "/etc/nginx/conf.d/api.conf",
        Proxy::Caddy => "Caddyfile",
        Proxy::Traefik => "dynamic.yaml",
        Proxy::Envoy => "envoy.yaml",
    }
}

/// A curl command that tries the configuration out, at the address on which the configured proxy listens.
fn test_command(gateway: &Gateway) -> String {
    let header = &gateway.key_header;
    let value = if header.is_authorization() { "Bearer $KEY" } else { "$KEY" };
    format!("curl -i http://127.0.0.1:8000/ -H \"{}: {value}\"", header.as_str())
}

/// The complete configuration for a gateway, and a request to try it with. While the typed upstream address is not
/// valid, the last valid one is used.
#[component]
pub fn ProxySnippet(
    gateway: Gateway,
    /// The address at which the proxy reaches this server.
    server_url: String,
    proxy: Memo<Proxy>,
    /// The address to which the proxy passes requests, as typed.
    upstream: RwSignal<String>,
) -> impl IntoView {
    let Ok(server) = ProxyAddress::parse(&server_url) else {
        return view! {
            <Callout tone=Tone::Warning title="The configuration cannot be generated">
                "The address of this server, " <code class="mono">{server_url}</code>", cannot be used in a proxy \
                 configuration. The operator can change it with KEYSTEAD_PUBLIC_URL."
            </Callout>
        }
        .into_any();
    };
    let good = Memo::new(move |before: Option<&String>| {
        let typed = upstream.get();
        let before = || before.cloned().unwrap_or_else(|| UPSTREAM.to_owned());
        if upstream_of(&typed).is_ok() { typed } else { before() }
    });
    let test_command = test_command(&gateway);
    let code = Signal::derive(move || {
        let upstream = upstream_of(&good.get());
        upstream.map(|upstream| snippet(proxy.get(), &gateway, &server, &upstream)).unwrap_or_default()
    });
    view! {
        {move || view! { <CodeBlock id="configuration" label=file_name(proxy.get()) code/> }}
        <CodeBlock id="trial" label="Test request (set KEY to the secret of a key)" code=Signal::stored(test_command)/>
    }
    .into_any()
}
