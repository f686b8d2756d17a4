//! What the store promises, on both databases: every case runs as `…::sqlite::…` and as `…::postgres::…`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

/// Runs cases on both databases. Each takes a [`store::testing::TestDatabase`] of its own.
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

mod answers;
mod audit;
mod changes;
mod durability;
mod ends;
mod gateways;
mod keys;
mod links;
mod migrations;
mod page;
mod people;
mod replica;
mod search;
mod secrets;
mod service_accounts;
mod sessions;
mod support;
mod totals;
mod transactions;
mod usage;
mod uses;
