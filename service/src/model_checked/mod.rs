//! Compiles the sources of the mirrors and their protocol again, with the locks of a model checker that tries many
//! schedules of threads.
//!
//! These locks work only inside the checker, so all other tests use the mirrors with their normal locks. A feature
//! would also switch the locks, but every crate that depends on this one would then be compiled again. Tests of the
//! normal mirrors are in `tests/{mirror,key_cache,gateway_cache}.rs`: among these sources, they would be compiled with
//! the checker's locks as well.

macro_rules! with_other_locks {
    ($($path:literal $name:ident)*) => {$(
        #[path = $path]
        #[expect(
            dead_code,
            unused_imports,
            clippy::duplicate_mod,
            reason = "the same sources with other locks, of which the models use a part"
        )]
        #[allow(
            unfulfilled_lint_expectations,
            reason = "some lints are off in tests, for which all of this is compiled"
        )]
        mod $name;
    )*};
}

with_other_locks! {
    "../mirror/mod.rs" mirror
    "../key_cache/mod.rs" key_cache
    "../gateway_cache/mod.rs" gateway_cache
}

mod gateways;
mod keys;
mod locks;
mod schedules;
mod uses;
