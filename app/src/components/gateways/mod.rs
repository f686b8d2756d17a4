//! Components for gateways: the configurations of proxies, and the live display of requests.

mod connection_status;
mod live_activity;
mod proxy_snippet;
mod upstream_form;

pub use live_activity::{ActivitySource, LiveActivity};
pub use proxy_snippet::{ProxySnippet, proxy_name};
pub use upstream_form::{UPSTREAM, UpstreamForm};
