//! The entry point of the console's WebAssembly in the browser.

#[cfg(feature = "hydrate")]
use wasm_bindgen::prelude::wasm_bindgen;

/// Hydrates the page that the server rendered, once the code of that page has been loaded.
#[cfg(feature = "hydrate")]
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::hydration::defer_links_until_hydrated();
    leptos::mount::hydrate_lazy(app::App);
}

/// Padding for the tool that splits the WebAssembly. No file that a browser loads contains it.
///
/// Strings that share bytes are repeated in each file that needs them. If this makes all files together larger than the
/// original data, the tool puts the strings of all pages into the first file instead, which adds 50 KiB to it. The
/// unused padding makes room for the repetition.
#[cfg(feature = "hydrate")]
#[used]
static ROOM: [u8; 0x1_0000] = [1; 0x1_0000];
