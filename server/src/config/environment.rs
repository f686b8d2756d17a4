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

/// Checks the given variables, each a name and a value. The arguments of `cli` say which settings exist.
pub fn refuse_unknown_variables(
    cli: &Command,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<(), UnknownVariable> {
    let known = known_variables(cli);
    let mut variables =
        variables.into_iter().map(|(name, value)| (name.to_string_lossy().into_owned(), value));
    let unknown = variables.find(|(name, value)| {
        name.starts_with("KEYSTEAD_")
            && !known.contains(name)
            && !SCRIPT_VARIABLES.contains(&name.as_str())
            && !is_of_kubernetes(name, value)
    });
    match unknown {
        Some((name, _)) => {
            Err(UnknownVariable { name, known: known.into_iter().collect::<Vec<_>>().join(", ") })
        }
        None => Ok(()),
    }
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
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn check(name: &str, value: &str) -> Result<(), UnknownVariable> {
        refuse_unknown_variables(
            &Cli::command(),
            [("PATH".into(), "/bin".into()), (name.into(), value.into())],
        )
    }

    #[test]
    fn a_misspelled_setting_is_refused_with_the_list_of_those_known() {
        let error = check("KEYSTEAD_LISTN", "").unwrap_err().to_string();
        assert!(error.contains("KEYSTEAD_LISTN") && error.contains("KEYSTEAD_LISTEN"), "{error}");
    }

    #[test]
    fn settings_and_inherited_variables_pass() {
        for name in
            ["KEYSTEAD_LISTEN", "KEYSTEAD_DATABASE_URL", "KEYSTEAD_BIN", "KEYSTEAD_PORT_3000_TCP_ADDR"]
        {
            assert_eq!(check(name, ""), Ok(()), "{name}");
        }
        assert_eq!(check("KEYSTEAD_PORT", "tcp://10.0.0.1:3000"), Ok(()));
        assert!(check("KEYSTEAD_PORT", "3000").is_err());
    }
}
