//! Text for the places where the framework writes it into the document as it is.

/// A text that markup cannot begin in: the content of `textarea` and `title`, which the framework does not escape. A name with
/// `</title>` in it would go on as markup of the page.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The document's title for a page. The server writes it into the document, the browser sets it as text.
pub fn document_title(page: &str) -> String {
    let title = format!("{page} · Keystead");
    if cfg!(feature = "ssr") { escaped(&title) } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_element() {
        assert_eq!(escaped("</textarea><img src=x>"), "&lt;/textarea&gt;&lt;img src=x&gt;");
        assert_eq!(escaped("&lt; a & b"), "&amp;lt; a &amp; b");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn no_name_leaves_the_title() {
        assert_eq!(document_title("</title><b>"), "&lt;/title&gt;&lt;b&gt; · Keystead");
    }
}
