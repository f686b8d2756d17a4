//! The tabs above the key list, one for each view.

use leptos::prelude::*;

use model::key::KeyTotals;

use crate::components::keys::count::{VIEWS, count_text, view_label};
use crate::components::keys::list_path::KeyListPath;
use crate::ui::{CountTab, CountTabs};

/// The number of keys in each view, with a link to the list of these keys.
#[component]
pub fn ViewTabs(
    path: Memo<KeyListPath>,
    /// `None` while the totals are not known.
    totals: Option<KeyTotals>,
) -> impl IntoView {
    let tabs = VIEWS
        .map(|view| {
            let count = totals.map(|totals| count_text(totals.of(view)));
            view! {
                <CountTab
                    label=view_label(view)
                    href=Signal::derive(move || path.with(|path| path.with_view(view).to_path()))
                    count=Signal::stored(count)
                    current=Signal::derive(move || path.with(|path| path.query.filter.view == view))
                />
            }
        })
        .collect_view();
    view! { <CountTabs label="Views of the keys">{tabs}</CountTabs> }
}
