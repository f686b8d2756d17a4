//! Whether the page is hydrated.

use leptos::prelude::*;

/// `false` on the server and during hydration, and `true` afterwards. Controls that need WebAssembly wait for it.
pub fn use_hydrated() -> Signal<bool> {
    let hydrated = RwSignal::new(false);
    Effect::new(move || hydrated.set(true));
    hydrated.into()
}
