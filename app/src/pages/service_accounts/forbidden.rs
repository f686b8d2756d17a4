//! What somebody finds here who is no admin.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::{ButtonLink, EmptyState, Glyph, PageHeader};

/// Says who may look, and leads back.
#[component]
pub(super) fn ForAdmins() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::answer::set_page_status(model::problem::Code::Forbidden);
    view! {
        <Title text="Service accounts"/>
        <PageHeader title="Service accounts"/>
        <EmptyState
            icon=Glyph::Lock
            title="Only admins see service accounts"
            sentence="They own keys that belong to no person. Ask an admin of the organization if a program needs a key."
        >
            <ButtonLink href="/keys">"Go to your keys"</ButtonLink>
        </EmptyState>
    }
}
