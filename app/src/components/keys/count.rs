//! Formats numbers of keys, and names the views of the key list.

use model::key::{Count, KeyView};

/// Formats a count as `1,240`, or as `1,000+` if counting stopped there.
pub fn count_text(count: Count) -> String {
    let digits = count.number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if count.or_more {
        text.push('+');
    }
    text
}

/// Formats a count with its noun: `1 key`, `1,240 keys`.
pub fn keys_text(count: Count) -> String {
    let noun = if count.number == 1 && !count.or_more { "key" } else { "keys" };
    format!("{} {noun}", count_text(count))
}

pub fn view_label(view: KeyView) -> &'static str {
    match view {
        KeyView::Active => "Active",
        KeyView::Expiring => "Expires within 14 days",
        KeyView::Unused => "Not used for 90 days",
        KeyView::NeverExpires => "Never expires",
        KeyView::NoRateLimit => "No rate limit",
        KeyView::Disabled => "Disabled",
        KeyView::Expired => "Expired",
        KeyView::Revoked => "Revoked",
        KeyView::All => "All",
    }
}

/// The views in the order of their tabs.
pub const VIEWS: [KeyView; 9] = [
    KeyView::Active,
    KeyView::Expiring,
    KeyView::Unused,
    KeyView::NeverExpires,
    KeyView::NoRateLimit,
    KeyView::Disabled,
    KeyView::Expired,
    KeyView::Revoked,
    KeyView::All,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_and_a_plus_says_that_there_are_more() {
        for (number, or_more, text) in [
            (0, false, "0 keys"),
            (1, false, "1 key"),
            (999, false, "999 keys"),
            (1000, true, "1,000+ keys"),
            (1_234_567, false, "1,234,567 keys"),
        ] {
            assert_eq!(keys_text(Count { number, or_more }), text);
        }
    }

    #[test]
    fn every_view_has_a_tab() {
        assert!(KeyView::ALL.iter().all(|view| VIEWS.contains(view)));
    }
}
