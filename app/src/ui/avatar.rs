//! The initials of a person.

use leptos::prelude::*;

/// The initials of a name. Hidden from screen readers, because the name stands beside them.
#[component]
pub fn Avatar(
    /// The name, or the e-mail address if there is no name.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    view! { <span class="avatar" aria-hidden="true">{move || name.with(|name| initials(name))}</span> }
}

/// The first letters of the first and the last word. The stylesheet turns them into capitals. Doing it here would need
/// Unicode tables that are larger than the code of many pages.
fn initials(name: &str) -> String {
    let mut words =
        name.split_whitespace().filter_map(|word| word.chars().find(|one| !one.is_ascii_punctuation()));
    let first = words.next();
    let last = words.next_back();
    let letters: String = first.into_iter().chain(last).collect();
    if letters.is_empty() { "?".to_owned() } else { letters }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        for (name, expected) in
            [("Ada Lovelace", "AL"), ("ada", "a"), ("Juan de la Cruz", "JC"), ("", "?"), ("(x) é", "xé")]
        {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
