//! How the models of all mirrors are checked.

use super::mirror::Change;

/// The environment variable for the number of schedules that each strategy tries.
const SCHEDULES: &str = "KEYSTEAD_TEST_SCHEDULES";
const SCHEDULES_USUAL: usize = 1_000;

/// What a mirror learns about a change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Invalidated {
    /// The mirror learns what has changed.
    ByName,
    /// The mirror learns only that anything may have changed, because another process made the change and its
    /// invalidation was missed.
    AsEverything,
}

/// When a reader opens its read epoch.
#[derive(Clone, Copy)]
pub(super) enum Opening {
    /// Before it reads, as the protocol says.
    Before,
    /// After it has read, which the protocol forbids.
    After,
}

impl Invalidated {
    /// The change that is reported.
    pub(super) fn of<S>(self, subject: S) -> Change<S> {
        match self {
            Self::ByName => Change::Of(subject),
            Self::AsEverything => Change::Everything,
        }
    }
}

/// Runs a race under many schedules, chosen in three ways.
pub(super) fn try_schedules(race: impl Fn() + Clone + Send + Sync + 'static) {
    shuttle::check_random(race.clone(), schedules());
    shuttle::check_pct(race.clone(), schedules(), 4);
    shuttle::check_dfs(race, Some(schedules()));
}

pub(super) fn schedules() -> usize {
    std::env::var(SCHEDULES).map_or(SCHEDULES_USUAL, |number| number.parse().unwrap())
}
