//! Values as they may be shown.

use url::Url;

use super::declared::SECRETS;
use crate::config::database::parse_postgres;

/// Stands for what is not shown.
const HIDDEN: &str = "***";

/// The value of a setting without what may be secret. Of the address of a database, only passwords are hidden.
pub fn masked(name: &str, value: &str) -> String {
    if !SECRETS.iter().any(|secret| secret.name == name) || value.starts_with("sqlite:") {
        return value.to_owned();
    }
    match parse_postgres(value) {
        Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") && !url.cannot_be_a_base() => {
            without_passwords(url)
        }
        _ => HIDDEN.to_owned(),
    }
}

fn without_passwords(mut url: Url) -> String {
    if url.password().is_some() && url.set_password(Some(HIDDEN)).is_err() {
        return HIDDEN.to_owned();
    }
    url.set_fragment(None);
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    if pairs.iter().any(|(name, _)| name.contains("pass")) {
        url.query_pairs_mut().clear().extend_pairs(
            pairs
                .iter()
                .map(|(name, value)| (name, if name.contains("pass") { HIDDEN } else { value.as_str() })),
        );
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
            ("postgres://db/k?sslpassword=hunter2#hunter2", "postgres://db/k?sslpassword=***"),
            ("sqlite:keys.db", "sqlite:keys.db"),
            ("mysql://me:hunter2@db/k", "***"),
            ("hunter2", "***"),
            ("postgres:hunter2", "***"),
        ] {
            assert_eq!(masked("database_url", value), shown, "{value}");
        }
        assert_eq!(masked("listen", "127.0.0.1:3000"), "127.0.0.1:3000");
    }
}
