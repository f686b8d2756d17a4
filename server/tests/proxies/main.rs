//! Real proxies with the configurations that the product writes for them, between a client and an upstream.
//!
//! A proxy that is not installed fails its tests and says so: `scripts/install test` installs all of them. Where none can be
//! installed, `KEYSTEAD_WITHOUT_PROXIES=1` leaves the tests out, which no gate may set.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test ends where this fails, and one that starts a server waits for it"
)]

mod caddy;
mod envoy;
mod front;
mod journey;
mod keystead;
mod nginx;
mod outage;
mod proxy;
mod smuggling;
mod traefik;
mod upstream;
