//! Parts that occur in several places on the page.

use maud::{Markup, html};

/// A text. The parts between backticks become code.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// The method as a label.
pub(super) fn method(method: &str) -> Markup {
    html! { span class=(format!("method method-{}", method.to_lowercase())) { (method) } }
}

/// Text to copy. A click selects all of it. The element can be scrolled, so it has to be able to take the focus.
pub(super) fn code(title: &str, name: &str, text: &str) -> Markup {
    html! {
        figure class="code" {
            figcaption { (title) }
            pre tabindex="0" role="region" aria-label=(name) { code { (text) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        let shown = html! { p title="\"><b>" { (prose("<i>a</i> & `b<`")) } };
        assert_eq!(
            shown.into_string(),
            "<p title=\"&quot;&gt;&lt;b&gt;\">&lt;i&gt;a&lt;/i&gt; &amp; <code>b&lt;</code></p>"
        );
    }
}
