//! Where the fields of a form stand.

use leptos::prelude::*;

/// The fields of a form, one below the other with even distance.
#[component]
pub fn FormFields(
    /// Fields and rows.
    children: Children,
) -> impl IntoView {
    view! { <div class="form-fields">{children()}</div> }
}

/// Fields that belong together side by side; below each other where there is no room.
#[component]
pub fn FormRow(
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! { <div class="form-row">{children()}</div> }
}

/// The buttons that end a form or a dialog, the primary one last.
#[component]
pub fn FormActions(
    /// The buttons.
    children: Children,
) -> impl IntoView {
    view! { <div class="form-actions">{children()}</div> }
}
