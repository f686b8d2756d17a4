//! The table of a page that lists items.

use leptos::prelude::*;

use super::path::{ItemDialog, ListFilter, ListPath};
use super::rows::Rows;
use crate::ui::{Header, Pagination, Table, grouped};

/// The table, its total and its pagination, or a notice that there are no items.
#[component]
pub fn ItemList<F: ListFilter, D: ItemDialog, T>(
    /// The path of the list that is shown.
    shown: Memo<ListPath<F, D>>,
    items: Memo<Vec<T>>,
    /// How many items all pages contain.
    #[prop(into)]
    total: Signal<u64>,
    /// How many items a page contains.
    #[prop(default = u32::MAX)]
    size: u32,
    /// What the items are called: one of them, and several.
    noun: (&'static str, &'static str),
    /// The name of the table, for screen readers.
    label: &'static str,
    columns: &'static [&'static str],
    /// Whether each row ends with a menu.
    #[prop(default = true)]
    with_actions: bool,
    /// The id of an item.
    id: fn(&T) -> String,
    row: impl Fn(Signal<T>) -> AnyView + Clone + Send + Sync + 'static,
    /// Shown in place of an empty table.
    empty: impl Fn() -> AnyView + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let is_empty = Memo::new(move |_| items.with(Vec::is_empty));
    let words = Signal::derive(move || match total.get() {
        1 => format!("1 {}", noun.0),
        total => format!("{} {}", grouped(total), noun.1),
    });
    move || {
        if is_empty.get() {
            return empty();
        }
        let row = row.clone();
        let headers = columns.iter().map(|&label| view! { <Header label/> }).collect_view();
        view! {
            <Table label>
                <thead>
                    <tr>{headers} {with_actions.then(|| view! { <Header label="Actions" hidden=true/> })}</tr>
                </thead>
                <tbody><Rows items id row/></tbody>
            </Table>
            {pages(shown, total, size, words)}
        }
        .into_any()
    }
}

/// Links to the other pages, or only the total if there is one page.
fn pages<F: ListFilter, D: ItemDialog>(
    shown: Memo<ListPath<F, D>>,
    total: Signal<u64>,
    size: u32,
    words: Signal<String>,
) -> impl IntoView {
    let last = Memo::new(move |_| u32::try_from(total.get().div_ceil(u64::from(size))).unwrap_or(u32::MAX));
    let has_more = Memo::new(move |_| last.get() > 1);
    let link = move |to: fn(u32, u32) -> Option<u32>| {
        Signal::derive(move || {
            shown.with(|shown| to(shown.page.max(1), last.get()).map(|page| shown.at_page(page).to_path()))
        })
    };
    move || {
        if !has_more.get() {
            return view! { <p class="list-total">{words}</p> }.into_any();
        }
        view! {
            <Pagination
                total=words
                first=link(|at, _| (at > 1).then_some(1))
                previous=link(|at, _| (at > 1).then(|| at - 1))
                next=link(|at, last| (at < last).then(|| at + 1))
                last=link(|at, last| (at < last).then_some(last))
                size
                sizes=Signal::derive(move || vec![(size, shown.with(ListPath::to_path))])
            />
        }
        .into_any()
    }
}
