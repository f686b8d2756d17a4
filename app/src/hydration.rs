//! Hydration: the moment from which the WebAssembly of the console, and no longer the browser, handles clicks.

use leptos::prelude::*;

/// Leaves clicks on links to the browser until the current page is hydrated. The router listens earlier. It would
/// change to another page while the code of the current page is still being loaded, and that code would then find the
/// document of another page.
#[cfg(not(feature = "ssr"))]
pub fn defer_links_until_hydrated() {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{Element, MouseEvent};

    let pressed = Closure::<dyn Fn(MouseEvent)>::new(|event: MouseEvent| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = element.and_then(|element| element.closest("a[href]").ok().flatten());
        if link.is_some() && !HYDRATED.get() {
            event.stop_immediate_propagation();
        }
    });
    // In the capture phase of the window, so that this listener runs before all others.
    let _ =
        window().add_event_listener_with_callback_and_bool("click", pressed.as_ref().unchecked_ref(), true);
    pressed.forget();
}

/// Records that the page is hydrated. Every page calls this; the effect runs when the page is hydrated. It also sets
/// the attribute `data-hydrated` on the root element, from which tests know that the page handles their input.
pub fn mark_hydrated() {
    Effect::new(|_| {
        #[cfg(not(feature = "ssr"))]
        HYDRATED.set(true);
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
}

/// `false` on the server and during hydration, and `true` afterwards. Controls that need WebAssembly wait for it.
pub fn use_hydrated() -> Signal<bool> {
    let hydrated = RwSignal::new(false);
    Effect::new(move || hydrated.set(true));
    hydrated.into()
}

/// Whether a page has been hydrated.
#[cfg(feature = "hydrate")]
pub(crate) fn is_hydrated() -> bool {
    HYDRATED.get()
}

#[cfg(not(feature = "ssr"))]
thread_local! {
    static HYDRATED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}
