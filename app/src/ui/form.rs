//! The layout of the fields and buttons of a form.

use leptos::prelude::*;

/// Fields below each other, evenly spaced.
#[component]
pub fn FormFields(children: Children) -> impl IntoView {
    view! { <div class="form-fields">{children()}</div> }
}

/// Fields that belong together, side by side. They are below each other if there is no room.
#[component]
pub fn FormRow(children: Children) -> impl IntoView {
    view! { <div class="form-row">{children()}</div> }
}

/// The buttons at the end of a form or a dialog. The primary one comes last.
#[component]
pub fn FormActions(children: Children) -> impl IntoView {
    view! { <div class="form-actions">{children()}</div> }
}
