//! When a key was last used.

use leptos::prelude::*;

use model::key::{KeyRow, LastUse};

use crate::ui::RelativeTime;

/// The latest use of a key with any secret that works. A key that was rotated a minute ago is still in use if a program
/// uses its earlier secret.
pub fn latest_use(row: &KeyRow) -> Option<&LastUse> {
    let old = row.grace_periods.iter().filter_map(|grace| grace.last_use.as_ref());
    row.key.last_use.iter().chain(old).max_by_key(|used| used.at)
}

/// The last use as a sentence.
pub fn use_sentence(last_use: Option<&LastUse>) -> String {
    match last_use {
        None => "It has never been used.".to_owned(),
        Some(LastUse { at, address: Some(address), .. }) => {
            format!("It was last used on {}, from {address}.", at.to_text())
        }
        Some(LastUse { at, address: None, .. }) => format!("It was last used on {}.", at.to_text()),
    }
}

/// The last use for a table: how long ago it was, with the address and user agent as a tooltip.
#[component]
pub fn LastUsed(last_use: Option<LastUse>) -> impl IntoView {
    match last_use {
        None => view! { <span class="key-quiet">"Never used"</span> }.into_any(),
        Some(LastUse { at, address, agent }) => {
            let from = [address, agent].into_iter().flatten().collect::<Vec<_>>().join(" · ");
            view! { <span title=from><RelativeTime at/></span> }.into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::keys::sample::{key, moment};
    use model::key::GracePeriod;

    #[test]
    fn the_use_of_an_old_secret_counts_while_it_works() {
        let used = |seconds| LastUse { at: moment(seconds), address: None, agent: None };
        let grace =
            GracePeriod { shown_prefix: String::new(), valid_until: moment(9), last_use: Some(used(5)) };
        let mut row = KeyRow {
            key: key(),
            grace_periods: vec![grace],
            owner_email: String::new(),
            owner_name: String::new(),
        };
        assert_eq!(latest_use(&row), Some(&used(5)));
        row.key.last_use = Some(used(6));
        assert_eq!(latest_use(&row), Some(&used(6)));
    }
}
