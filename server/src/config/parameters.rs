//! The parameters of a PostgreSQL address. The driver ignores an unknown one and writes its value to the log, and its
//! messages repeat wrong values. Both may be a part of a password with an unescaped `?`.

use std::net::IpAddr;

use url::Url;

/// The parameters that the driver knows.
const KNOWN: [&str; 18] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];
const MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// What is wrong with a parameter, as the end of a sentence about the address, and what would be right.
pub(super) type Problem = (String, String);

/// Checks all parameters of an address.
pub(super) fn check(url: &Url) -> Result<(), Problem> {
    for (name, value) in url.query_pairs() {
        if !is_known(&name) {
            return Err((
                "has an unknown parameter behind the ?".to_owned(),
                "PostgreSQL's names are known, such as sslmode, sslrootcert, host and application_name. In a password, \
                 write ? as %3F, / as %2F, # as %23 and @ as %40."
                    .to_owned(),
            ));
        }
        let right = match &*name {
            "sslmode" | "ssl-mode" if !MODES.contains(&&*value) => {
                format!("Give one of {}.", MODES.join(", "))
            }
            "port" if value.parse::<u16>().is_err() => "Give a number from 1 to 65535.".to_owned(),
            "hostaddr" if value.parse::<IpAddr>().is_err() => "Give an IP address.".to_owned(),
            "statement-cache-capacity" if value.parse::<u16>().is_err() => "Give a number.".to_owned(),
            _ => continue,
        };
        return Err((format!("has a wrong value of the parameter {name}"), right));
    }
    Ok(())
}

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || (name.starts_with("options[") && name.ends_with(']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(parameters: &str) -> Option<String> {
        let url = Url::parse(&format!("postgres://me@db/keystead?{parameters}")).unwrap();
        check(&url).err().map(|(given, right)| format!("{given}. {right}"))
    }

    #[test]
    fn the_parameters_of_the_driver_are_known() {
        for good in [
            "",
            "sslmode=require&sslrootcert=/ca.pem",
            "host=/run/postgresql&port=5433&user=me&password=x&dbname=k",
            "application_name=keystead&options=-c%20search_path%3Dk&options[search_path]=k",
            "statement-cache-capacity=0&hostaddr=10.0.0.1",
        ] {
            assert_eq!(given(good), None, "{good}");
        }
    }

    #[test]
    fn others_are_refused_without_their_values() {
        for bad in [
            "sslpassword=hunter2",
            "PASSWORD=hunter2",
            "hunter2@h/x",
            "options[=hunter2",
            "sslmode=hunter2",
            "port=hunter2",
            "hostaddr=hunter2",
            "statement-cache-capacity=hunter2",
        ] {
            let error = given(bad).expect(bad);
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
