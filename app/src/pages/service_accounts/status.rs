//! The status of a service account, in words.

use leptos::prelude::*;
use model::service_account::AccountStatus;

use super::path::View;
use crate::ui::{Badge, Glyph, Tone};

#[component]
pub(super) fn ServiceAccountBadge(status: AccountStatus) -> impl IntoView {
    match status {
        AccountStatus::Active => {
            view! { <Badge tone=Tone::Success icon=Glyph::CircleCheck>"Active"</Badge> }.into_any()
        }
        AccountStatus::Disabled => {
            view! { <Badge tone=Tone::Danger icon=Glyph::Ban>"Disabled"</Badge> }.into_any()
        }
    }
}

/// The text for a view in the status filter.
pub(super) const fn view_name(view: View) -> &'static str {
    match view {
        View::Active => "Active",
        View::Disabled => "Disabled",
        View::All => "All statuses",
    }
}
