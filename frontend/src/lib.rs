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

/// Room for the splitting of the WebAssembly, and nothing else: no file that a browser loads holds it.
///
/// Texts that share bytes are repeated in each file that needs them. When all files together then hold more than there was
/// before, the splitter puts every text of every page into the first file instead (50 KiB). Room that nobody uses makes up
/// for what is repeated.
#[cfg(feature = "hydrate")]
#[used]
static ROOM: [u8; 0x1_0000] = [1; 0x1_0000];
