//! Numbers, formatted for people.

use leptos::prelude::*;
use web_sys::js_sys;

/// A number with its digits grouped. The server groups them with commas. After hydration, they are grouped as usual in
/// the browser's language.
#[component]
pub fn Number(#[prop(into)] value: Signal<u64>) -> impl IntoView {
    let hydrated = RwSignal::new(false);
    Effect::new(move || hydrated.set(true));
    let text = move || if hydrated.get() { local(value.get()) } else { grouped(value.get()) };
    view! { <span class="number">{text}</span> }
}

/// Formats a number with commas between groups of three digits.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "JavaScript's numbers; counts stay far below 2^53")]
fn local(value: u64) -> String {
    let locale = window().navigator().language().unwrap_or_else(|| "en".to_owned());
    js_sys::Number::from(value as f64).to_locale_string(&locale).into()
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_are_grouped_by_three() {
        for (value, expected) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (1_000_000, "1,000,000")]
        {
            assert_eq!(grouped(value), expected);
        }
    }
}
