//! Makes up random sequences of changes to keys and compares the service with a model after each step.
//!
//! The clock advances, and is set forward and back while no time passes. The sweep runs at any moment. Another process
//! reads the changes late, and the same person has a key in another organization. `KEYSTEAD_TEST_SEQUENCES` sets the
//! number of sequences. Seeds of failures are kept in `proptest-regressions`.

mod compare;
mod expected;
mod key;
mod other_process;
mod step;
mod take;

use std::sync::PoisonError;

use model::user::Role;
use proptest::prelude::*;
use proptest::test_runner::Config;

use self::expected::Lifecycle;
use self::other_process::{Node, OtherMembership};
use self::step::{Step, step};
use crate::testing::{Org, TestBed};

const SEQUENCES_USUAL: u32 = 100;
/// PostgreSQL gets one sequence for every ten on SQLite.
const POSTGRES_ONE_OF: u32 = 10;
/// Number of key names in a sequence. A name can belong to one key after another.
const NAMES: usize = 3;

fn sequences() -> u32 {
    std::env::var("KEYSTEAD_TEST_SEQUENCES").map_or(SEQUENCES_USUAL, |number| number.parse().unwrap())
}

#[test]
fn random_lifecycles_match_the_model() {
    // Each thread has a database of its own.
    let lanes = std::thread::available_parallelism().map_or(1, |lanes| u32::try_from(lanes.get()).unwrap());
    std::thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| run_sequences(sequences().div_ceil(lanes), TestBed::memory));
        }
    });
}

#[test]
fn random_lifecycles_match_the_model_on_postgres() {
    run_sequences(sequences().div_ceil(POSTGRES_ONE_OF), TestBed::postgres);
}

/// Tries this many sequences. They share a database until one of them fails. Proptest then tries shorter sequences, and
/// what the failed one left behind would make those fail as well.
fn run_sequences<F: Future<Output = TestBed>>(sequences: u32, bed: impl Fn() -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stage = std::sync::Mutex::new(None);
    let take = || stage.lock().unwrap_or_else(PoisonError::into_inner).take();
    let config = Config { cases: sequences, ..Config::with_source_file(file!()) };
    proptest!(config, |(steps in prop::collection::vec(step(), 1..30))| {
        runtime.block_on(async {
            let mut ready = match take() {
                Some(ready) => ready,
                None => Stage::new(bed().await).await,
            };
            ready.run(&steps).await;
            let next = (ready.played < SEQUENCES_PER_DATABASE_MAX).then_some(ready);
            *stage.lock().unwrap_or_else(PoisonError::into_inner) = next;
        });
    });
}

/// Where sequences take place: two organizations, and a second server process on the database.
struct Stage {
    bed: TestBed,
    org: Org,
    other: Org,
    node: Node,
    /// The number of sequences so far.
    played: u32,
}

/// A new database is used after this many sequences. Backups copy the database, which would take longer and longer.
const SEQUENCES_PER_DATABASE_MAX: u32 = 50;

impl Stage {
    async fn new(bed: TestBed) -> Self {
        let org = bed.organization("Acme").await;
        let org = bed.by_key(org).await;
        let other = bed.organization("Other").await;
        let other = bed.by_key(other).await;
        bed.warm().await;
        let node = Node::new(&bed);
        Self { bed, org, other, node, played: 0 }
    }

    async fn run(&mut self, steps: &[Step]) {
        let Self { bed, org, other, node, played } = self;
        *played += 1;
        let email = format!("m{played}@acme.example");
        let (owner, _) = bed.member(org, &email, Role::Member).await;
        let elsewhere = OtherMembership::new(bed, other, &email).await;
        let keys = [const { None }; NAMES];
        let mut lifecycle =
            Lifecycle { bed, org, owner, keys, dead: Vec::new(), node, elsewhere, saved: None };
        for step in steps {
            lifecycle.take(step).await;
            lifecycle.present_all().await;
        }
        lifecycle.end_owner().await;
        lifecycle.present_all().await;
    }
}
