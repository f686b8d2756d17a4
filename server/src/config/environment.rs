//! Refuses unknown `KEYSTEAD_*` variables, so that a misspelled setting is not ignored silently.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};

use clap::Command;

/// Variables of the build and test scripts. A server that they start inherits them.
const SCRIPT_VARIABLES: [&str; 2] = ["KEYSTEAD_BIN", "KEYSTEAD_TOOLS"];

/// A variable whose name begins like the name of a setting, although no such setting exists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The environment variable {name} is not a setting. Correct or unset it. The settings are: {known}.")]
pub struct UnknownVariable {
    name: String,
    known: String,
}

/// Finds the unknown ones among the given variables, each a name and a value. The arguments of `cli` say which settings
/// exist.
pub fn unknown_variables(
    cli: &Command,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Vec<UnknownVariable> {
    let known = known_variables(cli);
    let list = known.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let variables = variables.into_iter().map(|(name, value)| (name.to_string_lossy().into_owned(), value));
    let is_unknown = |name: &String, value: &OsStr| {
        name.starts_with("KEYSTEAD_")
            && !known.contains(name)
            && !SCRIPT_VARIABLES.contains(&name.as_str())
            && !is_of_kubernetes(name, value)
    };
    variables
        .filter(|(name, value)| is_unknown(name, value))
        .map(|(name, _)| UnknownVariable { name, known: list.clone() })
        .collect()
}

fn known_variables(cli: &Command) -> BTreeSet<String> {
    let arguments = cli.get_subcommands().flat_map(Command::get_arguments);
    let nested = cli.get_subcommands().flat_map(Command::get_subcommands);
    let arguments = arguments.chain(nested.flat_map(Command::get_arguments));
    arguments.filter_map(|argument| argument.get_env()?.to_str().map(ToOwned::to_owned)).collect()
}

/// Kubernetes passes the addresses of all services to every container. A service named `keystead` produces these
/// variables.
fn is_of_kubernetes(name: &str, value: &OsStr) -> bool {
    let is_port = name == "KEYSTEAD_PORT" && value.to_string_lossy().contains("://");
    is_port || name.starts_with("KEYSTEAD_PORT_") || name.starts_with("KEYSTEAD_SERVICE_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command;

    fn check(name: &str, value: &str) -> Vec<UnknownVariable> {
        unknown_variables(&command(), [("PATH".into(), "/bin".into()), (name.into(), value.into())])
    }

    #[test]
    fn a_misspelled_setting_is_refused_with_the_list_of_those_known() {
        let [error] = check("KEYSTEAD_LISTN", "").try_into().unwrap();
        let error = error.to_string();
        assert!(error.contains("KEYSTEAD_LISTN") && error.contains("KEYSTEAD_LISTEN"), "{error}");
    }

    #[test]
    fn settings_and_inherited_variables_pass() {
        for name in [
            "KEYSTEAD_LISTEN",
            "KEYSTEAD_DATABASE_URL",
            "KEYSTEAD_DATABASE_URL_FILE",
            "KEYSTEAD_CONFIG",
            "KEYSTEAD_BIN",
            "KEYSTEAD_PORT_3000_TCP_ADDR",
        ] {
            assert_eq!(check(name, ""), [], "{name}");
        }
        assert_eq!(check("KEYSTEAD_PORT", "tcp://10.0.0.1:3000"), []);
        assert_eq!(check("KEYSTEAD_PORT", "3000").len(), 1);
    }
}
