//! The directory once more, from the same sources, with the locks of a model checker: it tries out schedules of threads, and
//! its locks work nowhere else. So all other tests keep the directory that is shipped, and neither needs a feature, by which
//! everything that depends on this crate would be compiled again. A test that uses the directory stands in `tests.rs` and not
//! among these sources, where it would meet these locks as well.

#[path = "../directory/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    clippy::duplicate_mod,
    reason = "the same sources with other locks, of which the model uses a part"
)]
#[allow(
    unfulfilled_lint_expectations,
    reason = "some lints are off in tests, for which all of this is compiled"
)]
mod directory;
mod locks;
mod race;
