//! The search and the filters above a list.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::path::{ItemDialog, ListFilter, ListPath};
use super::search::LiveSearch;
use crate::query::{Query, SEARCH_LENGTH_MAX};
use crate::ui::{Choice, SearchBox, Select};

/// The submit button for browsers without JavaScript. It is a string because other browsers parse the content of
/// `noscript` as text, so there is no element to hydrate.
const APPLY: &str = "<button type=\"submit\" class=\"button button-secondary\">Apply</button>";

/// The filters besides the search: name of the query parameter, label and choices. The first choice is the default.
pub type Filters = Vec<(&'static str, &'static str, Vec<Choice>)>;

/// Search and filters, as a GET form that leads to the list. With WebAssembly, the path follows while the user types.
#[component]
pub fn FilterForm<F: ListFilter, D: ItemDialog>(
    path: Memo<ListPath<F, D>>,
    /// The classes of the form.
    #[prop(default = "filters")]
    class: &'static str,
    search_label: &'static str,
    filters: Filters,
) -> impl IntoView {
    let in_path = move |name: &'static str| {
        path.with(|path| path.filter.pairs().into_iter().find(|pair| pair.0 == name).map(|pair| pair.1))
    };
    let fields: Vec<_> = filters
        .into_iter()
        .map(|(name, label, choices)| {
            let standard = choices.first().map(|choice| choice.value.clone()).unwrap_or_default();
            let chosen = Memo::new(move |_| in_path(name).unwrap_or_else(|| standard.clone()));
            let value = RwSignal::new(chosen.get_untracked());
            Effect::new(move |before: Option<()>| {
                let chosen = chosen.get();
                if before.is_some() {
                    value.set(chosen);
                }
            });
            (name, label, choices, value)
        })
        .collect();
    let values: Vec<_> = fields.iter().map(|(name, _, _, value)| (*name, *value)).collect();
    let search = LiveSearch::new(
        move || in_path("search").unwrap_or_default(),
        move |search| {
            let chosen = values.iter().map(|(name, value)| (*name, value.get_untracked()));
            let query = Query::of_pairs(chosen.chain([("search", search)]));
            ListPath::<F, D>::first(F::of(&query)).to_path()
        },
    );
    let selects = fields
        .into_iter()
        .map(|(id, label, choices, value)| {
            view! { <Select id label label_hidden=true choices value on_choose=move |_: String| search.submit()/> }
        })
        .collect_view();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        search.submit();
    };
    view! {
        <form class=class role="search" method="get" action=D::LIST on:submit=submit>
            <SearchBox
                id="search" label=search_label value=search.value on_type=search.typed()
                length_max=u32::try_from(SEARCH_LENGTH_MAX).unwrap_or(u32::MAX)
            />
            {selects}
            <noscript inner_html=APPLY></noscript>
        </form>
    }
}
