//! Placeholders for content that is being loaded.

use leptos::prelude::*;

/// Rows of a table that is being loaded, for use inside `tbody`.
#[component]
pub fn SkeletonRows(columns: usize, #[prop(default = 8)] rows: usize) -> impl IntoView {
    (0..rows)
        .map(|_| {
            let cells = (0..columns)
                .map(|_| view! { <td class="cell"><span class="skeleton"></span></td> })
                .collect_view();
            view! { <tr class="skeleton-row" aria-hidden="true">{cells}</tr> }
        })
        .collect_view()
}

/// Lines of text or facts that are being loaded.
#[component]
pub fn SkeletonLines(#[prop(default = 4)] lines: usize) -> impl IntoView {
    let lines = (0..lines).map(|_| view! { <span class="skeleton"></span> }).collect_view();
    view! { <div class="skeleton-lines" aria-hidden="true">{lines}</div> }
}
