//! Snippets of code that verify a key, one for each language. Their texts are in the folder `snippet`.

/// The language of a snippet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// A shell command.
    Curl,
    /// Node.js, and anything else that has `fetch`.
    JavaScript,
    /// Python 3 without further packages.
    Python,
    /// Go without further modules.
    Go,
}

impl Code {
    /// All languages, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Curl, Self::JavaScript, Self::Python, Self::Go];

    /// The value of `for` in the page's path.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::JavaScript => "javascript",
            Self::Python => "python",
            Self::Go => "go",
        }
    }

    /// The name that is shown to people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::JavaScript => "JavaScript",
            Self::Python => "Python",
            Self::Go => "Go",
        }
    }

    /// The snippet, with the address of the server filled in. `server_url` consists of scheme, host and port.
    pub fn text(self, server_url: &str) -> String {
        let template = match self {
            Self::Curl => include_str!("snippet/verify.sh"),
            Self::JavaScript => include_str!("snippet/verify.mjs"),
            Self::Python => include_str!("snippet/verify.py"),
            Self::Go => include_str!("snippet/verify.go"),
        };
        // Drops every character that could end a string in one of these languages. A real address contains none of
        // them.
        let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || ":/.-[]_".contains(*letter);
        template.replace("@SERVER@", &server_url.chars().filter(is_plain).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_snippet_calls_this_server_and_contains_no_secret() {
        for code in Code::ALL {
            let text = code.text("https://keys.example.com:8443");
            assert!(text.contains("https://keys.example.com:8443/v1/keys/verify"), "{text}");
            assert!(text.contains("KEYSTEAD_KEY") && !text.contains('@'), "{text}");
        }
    }

    #[test]
    fn no_address_ends_the_quotes_around_it() {
        for code in Code::ALL {
            let text = code.text("http://a'; rm -rf ~ #\"\n`x`$(x)");
            assert!(text.contains("http://arm-rfxx/v1/keys/verify"), "{text}");
        }
    }
}
