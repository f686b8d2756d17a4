//! The console's route table.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

/// The whole console: every page under its address.
///
/// Pages are rendered only when their data is there ([`SsrMode::Async`]): they can be read without WebAssembly, and
/// their status is right.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();

    view! {
        <Title formatter=|page: String| format!("{page} · Keystead")/>
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=Home ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

#[component]
fn Home() -> impl IntoView {
    let (ready, set_ready) = signal(false);
    Effect::new(move || set_ready.set(true));

    view! {
        <Title text="Keys"/>
        <main>
            <h1>"Keystead"</h1>
            <p>{move || if ready.get() { "Ready." } else { "Starting …" }}</p>
        </main>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }

    view! {
        <Title text="Page not found"/>
        <main>
            <h1>"Page not found"</h1>
            <p>"There is no page at this address. " <a href="/">"Go to the start page"</a></p>
        </main>
    }
}
