//! The formats in which people paste a new secret.

use model::key::SHOWN_LENGTH;

use model::percent::encode;

/// A format of the secret, shown in a tab of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Snippet {
    /// The secret itself.
    #[default]
    Secret,
    /// A line of an `.env` file.
    EnvLine,
    /// A curl command that sends a request with the key.
    Curl,
}

impl Snippet {
    /// All formats, in the order of the tabs.
    pub const ALL: [Self; 3] = [Self::Secret, Self::EnvLine, Self::Curl];

    /// The word in element ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::EnvLine => "env",
            Self::Curl => "curl",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Secret => "Secret",
            Self::EnvLine => ".env line",
            Self::Curl => "curl",
        }
    }

    /// The text to paste.
    ///
    /// The curl command lists the owner's keys. Every key of a member may do that, so the status 200 proves that the
    /// key works. A key of a service account may not, so its command reads `/v1/me`. A service account has no e-mail
    /// address, so `owner_email` is empty.
    pub fn text(self, secret: &str, key_name: &str, owner_email: &str, origin: &str) -> String {
        match self {
            Self::Secret => secret.to_owned(),
            Self::EnvLine => format!("{}={secret}", variable_name(key_name)),
            Self::Curl if owner_email.is_empty() => {
                format!("curl '{origin}/v1/me' \\\n  -H 'Authorization: Bearer {secret}'")
            }
            Self::Curl => format!(
                "curl '{origin}/v1/organizations/users/{}/api-keys' \\\n  -H 'Authorization: Bearer {secret}'",
                encode(owner_email)
            ),
        }
    }
}

/// The number of characters at the beginning of a snippet that stay readable while it is masked, because other people
/// may see the screen: everything before the secret, and the first characters of the secret. At most a quote follows
/// the secret.
pub fn open_characters(text: &str, secret: &str) -> usize {
    let before = text.find(secret).and_then(|at| text.get(..at)).unwrap_or_default();
    before.chars().count() + SHOWN_LENGTH
}

/// A name for an environment variable: the key's name in capitals, with `_API_KEY` at the end. A name without a Latin
/// letter gives `API_KEY`.
fn variable_name(key_name: &str) -> String {
    let words: Vec<_> = key_name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_uppercase)
        .collect();
    let name = words.join("_");
    let name: String =
        name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_').chars().take(40).collect();
    let name = name.trim_end_matches("_API_KEY").trim_end_matches("_KEY").trim_end_matches('_');
    match name {
        "" | "KEY" | "API" | "API_KEY" => "API_KEY".to_owned(),
        name => format!("{name}_API_KEY"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_name_becomes_the_name_of_a_variable() {
        for (name, variable) in [
            ("ci", "CI_API_KEY"),
            ("Deploy bot (EU)", "DEPLOY_BOT_EU_API_KEY"),
            ("billing-key", "BILLING_API_KEY"),
            ("2nd try", "ND_TRY_API_KEY"),
            ("ключ", "API_KEY"),
            ("x'; rm -rf / #", "X_RM_RF_API_KEY"),
        ] {
            assert_eq!(variable_name(name), variable);
        }
    }

    #[test]
    fn no_e_mail_address_ends_the_quotes_around_it() {
        let curl = Snippet::Curl.text("sk_1", "n", "o'brien+x@example.org", "https://keys.example.org");
        assert_eq!(
            curl,
            "curl 'https://keys.example.org/v1/organizations/users/o%27brien%2Bx%40example.org/api-keys' \\\n  \
             -H 'Authorization: Bearer sk_1'"
        );
    }

    #[test]
    fn a_masked_snippet_ends_at_the_first_characters_of_the_secret() {
        let secret = "sk_live_0123456789";
        for form in Snippet::ALL {
            let text = form.text(secret, "ci", "a@example.org", "https://keys.example.org");
            let open: String = text.chars().take(open_characters(&text, secret)).collect();
            assert!(open.ends_with("sk_live_01"), "{open}");
        }
    }
}
