//! HTML elements. Text and attribute values are escaped here and nowhere else.

pub(super) struct Element {
    tag: &'static str,
    attributes: String,
    content: String,
}

/// An element without content.
pub(super) fn element(tag: &'static str) -> Element {
    Element { tag, attributes: String::new(), content: String::new() }
}

impl Element {
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.extend([" ", name, "=\"", &escaped(value), "\""]);
        self
    }

    pub(super) fn class(self, class: &str) -> Self {
        self.with("class", class)
    }

    /// Appends text.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.content.push_str(&escaped(text));
        self
    }

    /// Appends text. The parts between backticks become code.
    pub(super) fn prose(self, text: &str) -> Self {
        text.split('`').enumerate().fold(self, |whole, (index, part)| {
            if index % 2 == 1 { whole.child(element("code").text(part)) } else { whole.text(part) }
        })
    }

    #[expect(clippy::needless_pass_by_value, reason = "elements are built in place")]
    pub(super) fn child(mut self, child: Self) -> Self {
        self.content.push_str(&child.written());
        self
    }

    pub(super) fn children(self, children: impl IntoIterator<Item = Self>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// The element as HTML.
    pub(super) fn written(&self) -> String {
        let Self { tag, attributes, content } = self;
        if matches!(*tag, "meta" | "link") {
            format!("<{tag}{attributes}>")
        } else {
            format!("<{tag}{attributes}>{content}</{tag}>")
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        let shown = element("p").with("title", "\"><b>").prose("<i>a</i> & `b<`");
        assert_eq!(
            shown.written(),
            "<p title=\"&quot;&gt;&lt;b&gt;\">&lt;i&gt;a&lt;/i&gt; &amp; <code>b&lt;</code></p>"
        );
    }
}
