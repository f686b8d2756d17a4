//! A page for admins, and what other users see in its place.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::paths;
use crate::state::me::use_me;
use crate::ui::{ButtonLink, EmptyState, Glyph, PageHeader};

/// Shows the page to admins. Tells others that only admins may see it, and links to their own keys.
#[component]
pub fn ForAdmins(
    /// The title of the page.
    title: &'static str,
    /// Says what only admins see.
    what: &'static str,
    /// Explains what the page is about and whom to ask.
    sentence: &'static str,
    /// The page for admins.
    children: Children,
) -> impl IntoView {
    if use_me().is_admin() {
        return children();
    }
    #[cfg(feature = "ssr")]
    crate::fns::response::set_page_status(model::problem::Code::Forbidden);
    view! {
        <Title text=title/>
        <PageHeader title/>
        <EmptyState icon=Glyph::Lock title=what sentence>
            <ButtonLink href=paths::KEYS>"Go to your keys"</ButtonLink>
        </EmptyState>
    }
    .into_any()
}
