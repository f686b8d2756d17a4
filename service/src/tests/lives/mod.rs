//! Lives of keys, made up at random and compared, step by step, with a model of what a key is. The clock runs, and is set
//! forward and back while no time passes; the sweep comes at any moment. Another process hears of it late, and the same person
//! has a key in another organization.
//!
//! `KEYSTEAD_TEST_SEQUENCES` says how many lives; seeds of failures are kept in `proptest-regressions`.

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
use self::expected::Lives;
use self::step::step;
use crate::testing::TestBed;

const SEQUENCES_USUAL: u32 = 100;
/// Of so many sequences one is tried on PostgreSQL as well.
const POSTGRES_ONE_OF: u32 = 10;
/// Keys that a sequence is about.
const NAMES: usize = 3;

fn sequences() -> u32 {
    std::env::var("KEYSTEAD_TEST_SEQUENCES").map_or(SEQUENCES_USUAL, |number| number.parse().unwrap())
}

#[test]
fn a_key_lives_as_the_model_says() {
    // Each on a database of its own.
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

/// Tries so many sequences, all with one organization.
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
                Lives { bed: &bed, org: &org, owner, keys, dead: Vec::new(), node: &mut node, elsewhere };
            for step in &steps {
                lives.take(step).await;
                lives.present_all().await;
            }
            lives.end_owner().await;
            lives.present_all().await;
        });
    });
}
