//! Escapes text for the elements whose content the framework does not escape.

/// Escapes the content of `textarea` and `title`. Without that, a name that contains `</title>` could add markup to the
/// page.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The document's title for a page. It is escaped only on the server, which writes it as markup. The browser sets it as
/// text.
pub fn document_title(page: &str) -> String {
    let title = format!("{page} · Keystead");
    if cfg!(feature = "ssr") { escaped(&title) } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_the_element_around_it() {
        assert_eq!(escaped("</textarea><img src=x>"), "&lt;/textarea&gt;&lt;img src=x&gt;");
        assert_eq!(escaped("&lt; a & b"), "&amp;lt; a &amp; b");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn no_name_ends_the_title() {
        assert_eq!(document_title("</title><b>"), "&lt;/title&gt;&lt;b&gt; · Keystead");
    }
}
