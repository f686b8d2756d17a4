//! The page that users who are not admins see in place of a page for admins.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::paths;
use crate::ui::{ButtonLink, EmptyState, Glyph, PageHeader};

/// Says that only admins may see the page, and links to the user's own keys.
#[component]
pub fn ForAdmins(
    /// The title of the page.
    page: &'static str,
    /// Says what only admins see.
    title: &'static str,
    /// Explains what the page is about and whom to ask.
    sentence: &'static str,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::response::set_page_status(model::problem::Code::Forbidden);
    view! {
        <Title text=page/>
        <PageHeader title=page/>
        <EmptyState icon=Glyph::Lock title sentence>
            <ButtonLink href=paths::KEYS>"Go to your keys"</ButtonLink>
        </EmptyState>
    }
}
