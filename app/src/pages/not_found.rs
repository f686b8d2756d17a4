//! What is shown at an address without a page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    layouts::PlainLayout,
    ui::{ButtonKind, ButtonLink},
};

/// Says that there is no page here, and leads back.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::fns::answer::set_page_status(model::problem::Code::NotFound);
    crate::alive::come_alive();
    view! {
        <Title text="Page not found"/>
        <PlainLayout
            title="Page not found"
            sentence=Some("There is no page at this address. It may have moved, or the link was cut short.".to_owned())
        >
            <ButtonLink href="/keys" kind=ButtonKind::Primary>"Go to your keys"</ButtonLink>
        </PlainLayout>
    }
}
