//! Makes up random sequences of changes to keys and compares the service with a model after each step.
//!
//! The clock advances, and is set forward and back while no time passes. The sweep runs at any moment. Another process
//! reads the changes late, and the same person has a key in another organization. `KEYSTEAD_TEST_SEQUENCES` sets the
//! number of sequences. Seeds of failures are kept in `proptest-regressions`.

mod beside;
mod compare;
mod expected;
mod key;
mod step;
mod take;

use std::sync::atomic::{AtomicU32, Ordering};

use model::user::Role;
use proptest::prelude::*;
use proptest::test_runner::Config;
use tokio::sync::Mutex;

use self::beside::{Elsewhere, Node};
use self::expected::Lifecycle;
use self::step::step;
use crate::testing::TestBed;

const SEQUENCES_USUAL: u32 = 100;
/// One in so many sequences is tried on PostgreSQL as well.
const POSTGRES_ONE_OF: u32 = 10;
/// Number of keys in a sequence.
const NAMES: usize = 3;

fn sequences() -> u32 {
    std::env::var("KEYSTEAD_TEST_SEQUENCES").map_or(SEQUENCES_USUAL, |number| number.parse().unwrap())
}

#[test]
fn a_key_lives_as_the_model_says() {
    // Each thread has a database of its own.
    let lanes = std::thread::available_parallelism().map_or(1, |lanes| u32::try_from(lanes.get()).unwrap());
    std::thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| live(sequences().div_ceil(lanes), TestBed::memory()));
        }
    });
}

#[test]
fn a_key_lives_as_the_model_says_on_postgres() {
    live(sequences().div_ceil(POSTGRES_ONE_OF), TestBed::postgres());
}

/// Tries so many sequences, all in one organization.
fn live(sequences: u32, bed: impl Future<Output = TestBed>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (bed, org, other) = runtime.block_on(async {
        let bed = bed.await;
        let org = bed.organization("Acme").await;
        let org = bed.by_key(org).await;
        let other = bed.organization("Other").await;
        let other = bed.by_key(other).await;
        bed.warm().await;
        (bed, org, other)
    });
    let (salt, node) = (AtomicU32::new(0), Mutex::new(Node::new(&bed)));
    let config = Config { cases: sequences, ..Config::with_source_file(file!()) };
    proptest!(config, |(steps in prop::collection::vec(step(), 1..30))| {
        runtime.block_on(async {
            let salt = salt.fetch_add(1, Ordering::Relaxed);
            let email = format!("m{salt}@acme.example");
            let (owner, _) = bed.member(&org, &email, Role::Member).await;
            let elsewhere = Elsewhere::new(&bed, &other, &email).await;
            let (mut node, keys) = (node.lock().await, [const { None }; NAMES]);
            let mut lives =
                Lifecycle { bed: &bed, org: &org, owner, keys, dead: Vec::new(), node: &mut node, elsewhere };
            for step in &steps {
                lives.take(step).await;
                lives.present_all().await;
            }
            lives.end_owner().await;
            lives.present_all().await;
        });
    });
}
