//! What somebody finds in a room for admins who is none.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::{ButtonLink, EmptyState, Glyph, PageHeader};

/// Says who may look, and leads back.
#[component]
pub fn ForAdmins(
    /// The name of the room.
    room: &'static str,
    /// What only admins see.
    title: &'static str,
    /// What it is, and whom to ask.
    sentence: &'static str,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::answer::set_page_status(model::problem::Code::Forbidden);
    view! {
        <Title text=room/>
        <PageHeader title=room/>
        <EmptyState icon=Glyph::Lock title sentence>
            <ButtonLink href="/keys">"Go to your keys"</ButtonLink>
        </EmptyState>
    }
}
