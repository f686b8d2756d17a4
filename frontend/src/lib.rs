//! Starts Keystead's console in the browser.

#[cfg(feature = "hydrate")]
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server has rendered, once the code of that page has come.
#[cfg(feature = "hydrate")]
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::alive::leave_links_to_the_browser();
    leptos::mount::hydrate_lazy(app::App);
}
