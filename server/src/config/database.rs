//! Chooses the database.

use std::fmt;
use std::path::{Path, PathBuf};

use url::{ParseError, Url};

use super::data_folder::DATABASE_FILE;
use super::{SettingError, parameters};

#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// The path of an SQLite file.
    Sqlite(PathBuf),
    /// The address of a PostgreSQL server. It may contain a password.
    Postgres(Url),
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => f.debug_tuple("Sqlite").field(file).finish(),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// Parses the address of a database that an option names.
pub fn parse_database(name: &'static str, url: &str) -> Result<Database, SettingError> {
    database(name, Some(url), Path::new(""))
}

/// Parses `database_url`. Without it, the database is a file in the data folder.
pub(super) fn database(
    name: &'static str,
    url: Option<&str>,
    data_dir: &Path,
) -> Result<Database, SettingError> {
    let right = "Give postgres://USER@HOST/NAME or sqlite:FILE. Leave the setting out to use the file in the data folder.";
    let Some(url) = url else { return Ok(Database::Sqlite(data_dir.join(DATABASE_FILE))) };
    let url = url.trim();
    if url.is_empty() {
        return Err(SettingError::new(name, "is empty", right));
    }
    if url.contains(char::REPLACEMENT_CHARACTER) {
        return Err(SettingError::new(name, "is not valid UTF-8", right));
    }
    match url.split_once(':') {
        Some(("postgres" | "postgresql", _)) => match parse_postgres(url) {
            Ok(parsed) if parsed.cannot_be_a_base() => Err(SettingError::new(name, "has no host", right)),
            Ok(parsed) => match parameters::check(&parsed) {
                Ok(()) => Ok(Database::Postgres(parsed)),
                Err((given, right)) => Err(SettingError::new(name, given, right)),
            },
            Err(ParseError::EmptyHost) => Err(SettingError::new(name, "has no host", right)),
            Err(_) => Err(SettingError::new(name, "is not an address", right)),
        },
        Some(("sqlite", file)) => match file.strip_prefix("//").unwrap_or(file) {
            "" => Err(SettingError::new(name, "names no file", right)),
            file if file.contains(['?', '#']) => {
                Err(SettingError::new(name, "has options after the file", right))
            }
            file if file.contains('@') => Err(SettingError::new(name, "has a user or a password", right)),
            file => Ok(Database::Sqlite(PathBuf::from(file))),
        },
        Some(_) => Err(SettingError::new(name, "has an unknown scheme", right)),
        None => Err(SettingError::new(name, "has no scheme", right)),
    }
}

/// Parses the address of a PostgreSQL server. As for other clients, the host may be left out between the user and the
/// path if the query names it: `postgres://me@/keystead?host=/run/postgresql`.
pub(super) fn parse_postgres(url: &str) -> Result<Url, ParseError> {
    let parsed = Url::parse(url);
    if parsed != Err(ParseError::EmptyHost) {
        return parsed;
    }
    let (scheme, rest) = url.split_once("://").ok_or(ParseError::EmptyHost)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, below) = rest.split_at(end);
    let (user, port) = authority.rsplit_once('@').ok_or(ParseError::EmptyHost)?;
    let filled = Url::parse(&format!("{scheme}://{user}@localhost{port}{below}"))?;
    if filled.query_pairs().any(|(name, _)| name == "host") { Ok(filled) } else { Err(ParseError::EmptyHost) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Database, SettingError> {
        database("database_url", Some(url), Path::new("/data"))
    }

    #[test]
    fn the_scheme_chooses_the_database() {
        let default = database("database_url", None, Path::new("/data")).unwrap();
        assert_eq!(default, Database::Sqlite("/data/keystead.db".into()));
        assert_eq!(parse("sqlite:keys.db").unwrap(), Database::Sqlite("keys.db".into()));
        assert_eq!(parse("sqlite:///srv/keys.db").unwrap(), Database::Sqlite("/srv/keys.db".into()));
        assert!(matches!(parse("postgresql://a:b@c/d").unwrap(), Database::Postgres(_)));
    }

    #[test]
    fn the_host_of_a_socket_may_be_left_out() {
        for url in [
            "postgres://me@/keystead?host=/run/postgresql",
            "postgres://me:pw@:5433/keystead?host=/run/postgresql",
            "postgres:///keystead?host=/run/postgresql",
            "postgres://%2Frun%2Fpostgresql/keystead",
        ] {
            let Ok(Database::Postgres(parsed)) = parse(url) else { panic!("{url}") };
            assert_eq!(parsed.path(), "/keystead", "{url}");
        }
        for url in ["postgres://me@/keystead", "postgres://me:pw@:5433/keystead?sslmode=disable"] {
            assert_eq!(parse(url).unwrap_err().given, "has no host", "{url}");
        }
    }

    #[test]
    fn other_addresses_are_refused_without_repeating_them() {
        for bad in
            ["", "mysql://root:hunter2@db/x", "keystead.db", "sqlite:", "sqlite:a?mode=ro", "postgres:x"]
        {
            let error = parse(bad).unwrap_err().to_string();
            assert!(error.contains("KEYSTEAD_DATABASE_URL") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn the_password_is_not_printed() {
        let database = parse("postgres://me:hunter2@db/keystead").unwrap();
        assert_eq!(format!("{database:?}"), "Postgres(…)");
    }
}
