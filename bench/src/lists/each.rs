//! Every list of the console: each view in each order.

use model::key::{KeyFilter, KeyQuery, KeySort, KeyView, Place, SortColumn};
use model::page::PageSize;

pub const ROWS: u32 = 50;

/// The first page of each view in each order.
pub fn lists() -> Vec<KeyQuery> {
    let mut lists = Vec::new();
    for view in KeyView::ALL {
        for column in SortColumn::ALL {
            for descending in [false, true] {
                lists.push(KeyQuery {
                    filter: KeyFilter { view: *view, ..KeyFilter::default() },
                    sort: KeySort { column: *column, descending },
                    place: Place::First,
                    size: PageSize::new(ROWS),
                });
            }
        }
    }
    lists
}

/// A description of a list.
pub fn name(query: &KeyQuery) -> String {
    let KeySort { column, descending } = query.sort;
    let direction = if descending { "descending" } else { "ascending" };
    let place = match query.place {
        Place::First => "first",
        Place::Last => "last",
        Place::After(_) | Place::Before(_) | Place::Skip(_) => "middle",
    };
    format!("{} by {column} {direction}, {place}", query.filter.view)
}
