//! Tests of the store on both databases. Each test runs as `…::sqlite::…` and as `…::postgres::…`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

/// Runs tests on both databases. Each gets a [`store::testing::TestDatabase`] of its own.
macro_rules! on_both {
    ($($case:ident),* $(,)?) => {
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(store::testing::sqlite().await).await;
            }
        )*}

        mod postgres {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(store::testing::postgres().await).await;
            }
        )*}
    };
}

mod addresses;
mod archive;
mod audit;
mod causes;
mod counts;
mod disk_space;
mod durability;
mod gateways;
mod idempotency_records;
mod invalidations;
mod keys;
mod metadata;
mod migrations;
mod missing_log;
mod names;
mod nodes;
mod one_time_tokens;
mod owner_revocations;
mod page;
mod pooler;
mod refused_start;
mod replica;
mod search;
mod secrets;
mod service_accounts;
mod sessions;
mod support;
mod totals;
mod transactions;
mod upgrades;
mod usage;
mod users;
mod uses;
