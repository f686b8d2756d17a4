//! Redirects from one page to another.

use leptos::prelude::*;

/// Redirects to another page of the console: with the response's status on the server, and with the router in the
/// browser.
#[component]
pub fn NavigateTo(
    /// A path of this console.
    #[prop(into)]
    path: String,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::response::redirect_page(&path);
    #[cfg(not(feature = "ssr"))]
    leptos_router::hooks::use_navigate()(
        &path,
        leptos_router::NavigateOptions { replace: true, ..Default::default() },
    );
}
