//! Gateways: the configurations of proxies, and whether requests arrive.

mod live_seen;
mod proxy_snippet;
mod story;
mod upstream_form;

pub use live_seen::{LiveSeen, Watched};
pub use proxy_snippet::{ProxySnippet, proxy_name};
pub use upstream_form::{UPSTREAM, UpstreamForm};
