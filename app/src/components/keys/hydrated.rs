//! Whether the browser has taken over the page.

use leptos::prelude::*;

/// False on the server and during hydration, true from then on. What only WebAssembly can do waits for it.
pub fn use_hydrated() -> Signal<bool> {
    let hydrated = RwSignal::new(false);
    Effect::new(move || hydrated.set(true));
    hydrated.into()
}
