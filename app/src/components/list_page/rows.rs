//! The rows of a table whose items are loaded again and again.

use leptos::prelude::*;

/// One row for each item. A row stays in the page as long as its item is listed, and its signal has the item as it was
/// loaded last.
#[component]
pub fn Rows<T>(
    items: Memo<Vec<T>>,
    /// The id of an item.
    id: fn(&T) -> String,
    row: impl Fn(Signal<T>) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let row = move |first: T| {
        let own = id(&first);
        let item = Memo::new(move |before: Option<&T>| {
            let found = items.with(|items| items.iter().find(|item| id(item) == own).cloned());
            // The last value stays until the row is removed, which is soon if the item is not listed anymore.
            found.or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
        });
        row(item.into())
    };
    view! { <For each=move || items.get() key=move |item| id(item) children=row/> }
}
