//! Sends the person to another page instead of this one.

use leptos::prelude::*;

/// Leads to another page of the console: by the answer's status from the server, by the router in the browser.
#[component]
pub fn GoTo(
    /// A path of this console.
    #[prop(into)]
    path: String,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::answer::redirect_page(&path);
    #[cfg(not(feature = "ssr"))]
    leptos_router::hooks::use_navigate()(
        &path,
        leptos_router::NavigateOptions { replace: true, ..Default::default() },
    );
}
