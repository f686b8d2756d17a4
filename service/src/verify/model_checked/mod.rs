//! Compiles the sources of the key cache again, with the locks of a model checker that tries many schedules of threads.
//!
//! These locks work only inside the checker, so all other tests use the key cache with its normal locks. A feature
//! would also switch the locks, but every crate that depends on this one would then be compiled again. Tests of the
//! normal key cache are in `verify/tests.rs`: among these sources, they would be compiled with the checker's locks as
//! well.

#[path = "../key_cache/mod.rs"]
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
mod key_cache;
mod locks;
mod race;
