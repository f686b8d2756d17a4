//! The console's route table.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    components::{go::GoTo, people::SignedInFrame},
    next::START,
    pages::{
        account::AccountPage,
        invitation::InvitationPage,
        keys::{KeyPage, KeysPage},
        login::LoginPage,
        members::MembersPage,
        not_found::NotFoundPage,
        organization::OrganizationPage,
        setup::SetupPage,
    },
    state::{theme::provide_theme, toasts::provide_toasts},
};

/// The whole console: every page under its address.
///
/// Pages are rendered only when their data is there ([`SsrMode::Async`]): they can be read without WebAssembly, and
/// their status is right.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_theme();
    provide_toasts();

    view! {
        <Title formatter=|page: String| format!("{page} · Keystead")/>
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                <Route path=path!("/invitation") view=InvitationPage ssr=SsrMode::Async/>
                <Route path=path!("/") view=Start ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=SignedInFrame ssr=SsrMode::Async>
                    <Route path=path!("/keys") view=KeysPage ssr=SsrMode::Async/>
                    <Route path=path!("/keys/:key_id") view=KeyPage ssr=SsrMode::Async/>
                    <Route path=path!("/members") view=MembersPage ssr=SsrMode::Async/>
                    <Route path=path!("/settings") view=OrganizationPage ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

#[component]
fn Start() -> impl IntoView {
    view! { <GoTo path=START/> }
}
