//! The logo and the name of Keystead.

use leptos::prelude::*;

/// The logo with the name beside it. With `mark_only`, the name is only for screen readers.
#[component]
pub fn Logo(#[prop(optional)] mark_only: bool) -> impl IntoView {
    view! {
        <span class="logo">
            <svg class="logo-mark" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                <path class="logo-house" d=HOUSE></path>
                <path class="logo-key" d=KEYHOLE></path>
            </svg>
            <span class="logo-name" class:visually-hidden=mark_only>"Keystead"</span>
        </span>
    }
}

const HOUSE: &str = "M12 1.5 2.5 8.6A2.5 2.5 0 0 0 1.5 10.600V20A2.500 2.500 0 0 0 4 22.500H20A2.500 2.500 0 0 0 22.500 20V10.600A2.500 2.500 0 0 0 21.500 8.600z";
/// The keyhole, which is also the door of the house.
const KEYHOLE: &str =
    "M12 8.750A3.250 3.250 0 0 0 10.100 14.640L9.250 22.500H14.750L13.900 14.640A3.250 3.250 0 0 0 12 8.750z";
