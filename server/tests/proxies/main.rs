//! Real proxies with the configurations that Keystead generates for them, between a client and an upstream.
//!
//! The tests of a proxy that is not installed fail with a message. `scripts/install test` installs all proxies. On a
//! machine where that is impossible, `KEYSTEAD_WITHOUT_PROXIES=1` skips the tests. Automated checks must not set it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test ends where this fails, and one that starts a server waits for it"
)]

mod behind;
mod caddy;
mod envoy;
mod journey;
mod keystead;
mod nginx;
mod outage;
mod proxy;
mod reverse_proxy;
mod site;
mod smuggling;
mod traefik;
mod upstream;
