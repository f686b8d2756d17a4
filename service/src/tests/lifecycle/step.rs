//! The steps of a lifecycle.

use model::time::DAY_SECONDS;
use proptest::prelude::*;

use super::NAMES;

/// A change to a key or an owner, or an event of the clock, a background task or the other process.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Create {
        name: usize,
        seconds: Option<i64>,
    },
    Rotate {
        name: usize,
        grace: i64,
    },
    Revoke {
        name: usize,
    },
    Expire {
        name: usize,
        seconds: Option<i64>,
    },
    Disable {
        name: usize,
    },
    Enable {
        name: usize,
    },
    EndGrace {
        name: usize,
    },
    ExtendGrace {
        name: usize,
        seconds: i64,
    },
    /// The owner is suspended and activated again.
    EndOwner,
    /// The background task revokes all keys of ended owners.
    Batches,
    /// The background task revokes one such key, as if the owner had more keys than a batch takes.
    Batch,
    /// A request is authenticated with a key, and the key ends before the request is carried out: together with its
    /// owner or alone.
    HoldBack {
        name: usize,
        ends_with_owner: bool,
    },
    /// The person is suspended in the other organization and activated again.
    EndElsewhere,
    /// The other process reads the changes. It is late if its machine slept until changes were deleted.
    Hear {
        is_late: bool,
    },
    Wait {
        seconds: i64,
    },
    SetClock {
        seconds: i64,
    },
    Sweep,
    /// The database is backed up, on SQLite only. PostgreSQL is restored together with its server, which
    /// `server/tests/verdicts` tests.
    Save,
    /// The database is replaced by its backup, and this process notices.
    Restore,
}

/// Chooses a random step.
pub(super) fn step() -> impl Strategy<Value = Step> {
    let name = 0..NAMES;
    let seconds = || prop::option::of(1_i64..200);
    prop_oneof![
        3 => (name.clone(), seconds()).prop_map(|(name, seconds)| Step::Create { name, seconds }),
        4 => (name.clone(), prop_oneof![Just(0), 1_i64..150]).prop_map(|(name, grace)| Step::Rotate { name, grace }),
        1 => name.clone().prop_map(|name| Step::Revoke { name }),
        2 => (name.clone(), seconds()).prop_map(|(name, seconds)| Step::Expire { name, seconds }),
        1 => name.clone().prop_map(|name| Step::Disable { name }),
        1 => name.clone().prop_map(|name| Step::Enable { name }),
        1 => name.clone().prop_map(|name| Step::EndGrace { name }),
        2 => (name.clone(), 1_i64..150).prop_map(|(name, seconds)| Step::ExtendGrace { name, seconds }),
        1 => Just(Step::EndOwner),
        1 => Just(Step::Batches),
        1 => Just(Step::Batch),
        1 => (name, prop::bool::ANY).prop_map(|(name, ends_with_owner)| Step::HoldBack { name, ends_with_owner }),
        1 => Just(Step::EndElsewhere),
        2 => prop::bool::weighted(0.3).prop_map(|is_late| Step::Hear { is_late }),
        3 => (1_i64..100).prop_map(|seconds| Step::Wait { seconds }),
        3 => prop_oneof![3 => -300_i64..300, 1 => Just(DAY_SECONDS), 1 => Just(-DAY_SECONDS)]
            .prop_map(|seconds| Step::SetClock { seconds }),
        2 => Just(Step::Sweep),
        1 => Just(Step::Save),
        1 => Just(Step::Restore),
    ]
}
