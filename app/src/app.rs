//! The console's route table.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, SsrMode, path};

use crate::components::navigate::NavigateTo;
use crate::html::document_title;
use crate::next::START;
use crate::pages::lazy;
use crate::pages::not_found::NotFoundPage;
use crate::state::theme::provide_theme;
use crate::state::toasts::provide_toasts;

/// The root component of the console, with the routes of all pages.
///
/// The server renders a page only after its data is loaded ([`SsrMode::Async`]). So the page can be read without
/// WebAssembly, and its response has the right status.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_theme();
    provide_toasts();

    view! {
        <Title formatter=|page: String| document_title(&page)/>
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/setup") view={Lazy::<lazy::Setup>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/login") view={Lazy::<lazy::Login>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/invitation") view={Lazy::<lazy::Invitation>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/reset") view={Lazy::<lazy::Reset>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/") view=Start ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view={Lazy::<lazy::Frame>::new()} ssr=SsrMode::Async>
                    <Route path=path!("/keys") view={Lazy::<lazy::Keys>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/keys/:key_id") view={Lazy::<lazy::Key>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/members") view={Lazy::<lazy::Members>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/service-accounts") view={Lazy::<lazy::ServiceAccounts>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/service-accounts/:service_account_id") view={Lazy::<lazy::ServiceAccount>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/gateways") view={Lazy::<lazy::Gateways>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/gateways/:gateway_id") view={Lazy::<lazy::Gateway>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/connect") view={Lazy::<lazy::Connect>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/settings") view={Lazy::<lazy::Organization>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/account") view={Lazy::<lazy::Account>::new()} ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

#[component]
fn Start() -> impl IntoView {
    view! { <NavigateTo path=START/> }
}
