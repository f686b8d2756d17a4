//! The moment from which the running console, and no longer the browser, answers what is pressed.

use leptos::prelude::*;

/// Leaves links to the browser until the page at hand is taken over. The router listens earlier than that: it would go
/// on to another page while the code of this one is still on its way, and then find a document that is not this page's.
#[cfg(not(feature = "ssr"))]
pub fn leave_links_to_the_browser() {
    use leptos::wasm_bindgen::{JsCast, closure::Closure};
    use leptos::web_sys::{Element, MouseEvent};

    let pressed = Closure::<dyn Fn(MouseEvent)>::new(|event: MouseEvent| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = element.and_then(|element| element.closest("a[href]").ok().flatten());
        if link.is_some() && !ALIVE.get() {
            event.stop_immediate_propagation();
        }
    });
    // On the way down from the window, ahead of everybody.
    let _ =
        window().add_event_listener_with_callback_and_bool("click", pressed.as_ref().unchecked_ref(), true);
    pressed.forget();
}

/// To be called by each page: from its first effect on, which comes when it is taken over, it is alive. The document says so
/// to whoever drives it from outside, in the attribute `data-alive` of its root.
pub fn come_alive() {
    Effect::new(|_| {
        #[cfg(not(feature = "ssr"))]
        ALIVE.set(true);
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-alive", "");
        }
    });
}

/// Whether a page has been taken over.
#[cfg(feature = "hydrate")]
pub(crate) fn is_alive() -> bool {
    ALIVE.get()
}

#[cfg(not(feature = "ssr"))]
thread_local! {
    static ALIVE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}
