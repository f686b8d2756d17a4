//! The settings as arguments of the commands, and the arguments that follow from them: a file for each secret, and the
//! configuration file.

use clap::builder::OsStringValueParser;
use clap::{Arg, Command};

/// A setting whose value may be secret. It can also be given as a file that contains the value.
pub(super) struct Secret {
    pub name: &'static str,
    /// The name of the setting for the file.
    pub file: &'static str,
}

/// All settings whose values may be secret.
pub(super) const SECRETS: [Secret; 1] = [Secret { name: "database_url", file: "database_url_file" }];
/// The settings that are lists. The configuration file may contain them as arrays.
const LISTS: [&str; 2] = ["trusted_proxies", "tls_acme"];
/// The words that stand for a number in the help.
const NUMBERS: [&str; 5] = ["NUMBER", "SECONDS", "MINUTES", "HOURS", "DAYS"];
/// The setting that names the configuration file.
pub(super) const CONFIG: &str = "config";

/// How the configuration file may write a value. Each may also be written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    List,
}

impl Kind {
    pub(super) fn of(setting: &Arg) -> Self {
        let is_number = |word: &str| NUMBERS.contains(&word);
        let words = setting.get_value_names().unwrap_or_default();
        if LISTS.contains(&setting.get_id().as_str()) {
            Self::List
        } else if words.iter().any(|word| is_number(word.as_str())) {
            Self::Number
        } else {
            Self::Text
        }
    }
}

/// Adds the arguments that follow from settings to a command and all commands below it.
#[must_use]
pub fn with_sources(command: Command) -> Command {
    let command = command.mut_subcommands(with_sources);
    if !command.get_arguments().any(is_setting) {
        return command;
    }
    let file_of = |secret: &Secret| command.get_arguments().find_map(|setting| secret.argument(setting));
    let files: Vec<_> = SECRETS.iter().filter_map(file_of).collect();
    let help =
        "File with settings in TOML, such as `listen = \"127.0.0.1:3000\"`. Flags and variables win over it";
    command.args(files).arg(file_argument(CONFIG, help.to_owned()).help_heading("Configuration file"))
}

impl Secret {
    /// The argument for the file, if `setting` is this secret.
    fn argument(&self, setting: &Arg) -> Option<Arg> {
        if setting.get_id() != self.name {
            return None;
        }
        let flag = setting.get_long().unwrap_or(self.name);
        let help = format!(
            "File that contains the value of `--{flag}`, so that no argument or variable contains it"
        );
        let heading = setting.get_help_heading().unwrap_or("Other settings").to_owned();
        Some(file_argument(self.file, help).help_heading(heading))
    }
}

fn file_argument(name: &'static str, help: String) -> Arg {
    Arg::new(name)
        .long(name.replace('_', "-"))
        .env(super::super::error::variable(name))
        .value_name("FILE")
        .help(help)
        .hide_env_values(true)
        .value_parser(OsStringValueParser::new())
}

/// Whether an argument is a setting. Other arguments have no variable.
pub(super) fn is_setting(argument: &Arg) -> bool {
    argument.get_env().is_some()
}
