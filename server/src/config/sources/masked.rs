//! Values as they may be shown.

use url::Url;

use super::declared::SECRETS;
use crate::config::database::parse_postgres;
use crate::config::parameters;

/// Stands for what is not shown.
const HIDDEN: &str = "***";

/// The value of a setting without what may be secret. Of the address of a database, only passwords are hidden. An
/// address that would be refused is hidden as a whole, because a password may be in the wrong place.
pub fn masked(name: &str, value: &str) -> String {
    let is_secret = SECRETS.iter().any(|secret| secret.name == name);
    if !is_secret && (name.ends_with("_url") || name == "tls_acme_directory") && value.contains('@') {
        return HIDDEN.to_owned();
    }
    if !is_secret || !value.contains('@') && value.starts_with("sqlite:") && !value.contains('?') {
        return value.to_owned();
    }
    match parse_postgres(value) {
        Ok(url) if is_shown(&url) => without_passwords(url),
        _ => HIDDEN.to_owned(),
    }
}

fn is_shown(url: &Url) -> bool {
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || b"/_.-%".contains(&letter);
    matches!(url.scheme(), "postgres" | "postgresql")
        && !url.cannot_be_a_base()
        && url.path().bytes().all(is_plain)
        && parameters::check(url).is_ok()
}

fn without_passwords(mut url: Url) -> String {
    if url.password().is_some() && url.set_password(Some(HIDDEN)).is_err() {
        return HIDDEN.to_owned();
    }
    url.set_fragment(None);
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    let hides = |name: &str| name == "password" || name.starts_with("options");
    if pairs.iter().any(|(name, _)| hides(name)) {
        let shown =
            pairs.iter().map(|(name, value)| (name, if hides(name) { HIDDEN } else { value.as_str() }));
        url.query_pairs_mut().clear().extend_pairs(shown);
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden_and_everything_else_is_shown() {
        for (value, shown) in [
            (
                "postgres://me:hunter2@db:5433/k?sslmode=require",
                "postgres://me:***@db:5433/k?sslmode=require",
            ),
            ("postgres://me@db/k", "postgres://me@db/k"),
            ("postgres://db/k?password=hunter2&user=me", "postgres://db/k?password=***&user=me"),
            ("postgres://db/k?sslmode=disable#hunter2", "postgres://db/k?sslmode=disable"),
            ("postgres://db/k?options=hunter2", "postgres://db/k?options=***"),
            ("postgres://db/k?sslpassword=hunter2", "***"),
            ("postgres://db/k?PASSWORD=hunter2", "***"),
            ("postgres://db/k;password=hunter2", "***"),
            ("postgres://db/k?sslmode=disable%26password=hunter2", "***"),
            ("postgres://me:123/hunter2@db/k", "***"),
            ("postgres://me:1?hunter2@db/k", "***"),
            ("sqlite://me:hunter2@db/k", "***"),
            ("sqlite:x?password=hunter2", "***"),
            ("sqlite:keys.db", "sqlite:keys.db"),
            ("mysql://me:hunter2@db/k", "***"),
            ("hunter2", "***"),
            ("postgres:hunter2", "***"),
        ] {
            assert_eq!(masked("database_url", value), shown, "{value}");
        }
        assert_eq!(masked("public_url", "https://me:hunter2@keys.example"), "***");
        assert_eq!(masked("tls_acme_directory", "https://me:hunter2@acme.example"), "***");
        assert_eq!(masked("listen", "127.0.0.1:3000"), "127.0.0.1:3000");
    }
}
