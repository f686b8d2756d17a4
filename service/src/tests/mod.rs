//! Tests of the use cases, most of them on both databases.

mod backup;
mod counts;
mod expiry;
mod feed;
mod gateway_cache;
mod gateways;
mod held_back;
mod invitations;
mod key_cache;
mod keys;
mod lifecycle;
mod mirror;
mod names;
mod new_passwords;
mod nodes;
mod operator;
mod owner_revocations;
mod races;
mod released;
mod resets;
mod rights;
mod search_terms;
mod service_accounts;
mod sessions;
mod setup;
mod sign_ins;
mod single_flight;
mod transactions;
mod users;
mod uses_before_changes;
mod verify;
mod write_behind;
mod written_behind;

/// Runs each test once on SQLite and once on PostgreSQL.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($bed:ident: TestBed) $body:block)*) => {$(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn check($bed: TestBed) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                check(TestBed::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                check(TestBed::postgres().await).await;
            }
        }
    )*};
}
pub(crate) use on_both;
