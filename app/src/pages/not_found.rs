//! The page for addresses at which there is no page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::layouts::PlainLayout;
use crate::paths;
use crate::ui::{ButtonKind, ButtonLink};

/// Responds with status 404, and links to the keys.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::response::set_page_status(model::problem::Code::NotFound);
    crate::hydration::mark_hydrated();
    view! {
        <Title text="Page not found"/>
        <PlainLayout
            title="Page not found"
            sentence=Some("There is no page at this address. The link may be outdated or incomplete.".to_owned())
        >
            <ButtonLink href=paths::KEYS kind=ButtonKind::Primary>"Go to your keys"</ButtonLink>
        </PlainLayout>
    }
}
