//! Functions that move the focus.

use leptos::ev::KeyboardEvent;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Focuses the element with this id, if there is one.
pub fn focus_id(id: &str) {
    focus(document().get_element_by_id(id));
}

/// Focuses the first match inside `within`, and returns whether there was one.
pub(super) fn focus_first(within: &Element, selector: &str) -> bool {
    let found = within.query_selector(selector).ok().flatten();
    let some = found.is_some();
    focus(found);
    some
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// The index to which an arrow key, Home or End leads from `current` among `count` items. `None` for other keys and if
/// there are no items.
fn next_index(key: &str, current: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" | "ArrowRight" => Some(if current >= last { 0 } else { current + 1 }),
        "ArrowUp" | "ArrowLeft" => Some(if current == 0 { last } else { current - 1 }),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// Moves the focus among the matches of `selector` inside `within`, by arrow keys, Home and End.
///
/// Returns the element that now has the focus.
pub(super) fn move_by_key(event: &KeyboardEvent, within: &Element, selector: &str) -> Option<HtmlElement> {
    let found = within.query_selector_all(selector).ok()?;
    let items: Vec<HtmlElement> =
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    let active = document().active_element();
    let current =
        items.iter().position(|item| active.as_ref().is_some_and(|active| item.is_same_node(Some(active))));
    let target = next_index(&event.key(), current.unwrap_or(items.len()), items.len())?;
    event.prevent_default();
    let item = items.into_iter().nth(target)?;
    let _ = item.focus();
    Some(item)
}

#[cfg(test)]
mod tests {
    use super::next_index;

    #[test]
    fn arrow_keys_wrap_around_and_home_and_end_lead_to_the_edges() {
        for (key, current, expected) in [
            ("ArrowDown", 0, Some(1)),
            ("ArrowDown", 2, Some(0)),
            ("ArrowUp", 0, Some(2)),
            ("ArrowUp", 3, Some(2)),
            ("ArrowDown", 3, Some(0)),
            ("Home", 2, Some(0)),
            ("End", 0, Some(2)),
            ("a", 0, None),
        ] {
            assert_eq!(next_index(key, current, 3), expected, "{key} from {current}");
        }
        assert_eq!(next_index("ArrowDown", 0, 0), None);
    }
}
