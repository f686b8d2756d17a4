//! Finds the value of each setting: a flag wins over a variable, a variable over the configuration file, and the file
//! over the default.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use super::declared::{CONFIG, Kind, SECRETS, is_setting};
use super::permissions::{is_open_to_others, readable_by_others};
use super::{secret_file, toml_file};
use crate::config::error::{flag, variable};
use crate::config::{ServeArgs, SettingError};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Flag,
    Variable,
    /// The configuration file.
    File,
    /// The file that another setting names.
    SecretFile(&'static str),
    Default,
}

impl Source {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Variable => "variable",
            Self::File => "file",
            Self::SecretFile(setting) => setting,
            Self::Default => "default",
        }
    }
}

/// A setting as it was given. It has no `Debug`, because the value may contain a password.
#[derive(Clone)]
pub struct Given {
    pub name: String,
    /// `None` if the setting is not set and has no default.
    pub value: Option<OsString>,
    pub source: Source,
}

/// The settings of a command with their sources.
pub struct Sources {
    /// In the order of the help.
    settings: Vec<Given>,
    /// What is wrong with the files.
    problems: Vec<SettingError>,
    /// What is dangerous, as sentences for the operator.
    warnings: Vec<String>,
}

impl Sources {
    /// Reads the files that a command names. `arguments` are what clap found for this command, and `cli` is the whole
    /// command line, whose arguments say which settings exist.
    pub fn read(cli: &Command, command: &Command, arguments: &ArgMatches) -> Self {
        let settings = command.get_arguments().filter(|argument| is_setting(argument));
        let settings = settings.map(|setting| of_arguments(setting, arguments)).collect();
        let mut sources = Self { settings, problems: Vec::new(), warnings: Vec::new() };
        sources.add_config_file(&known(cli));
        sources.add_secret_files();
        sources
    }

    pub fn settings(&self) -> &[Given] {
        &self.settings
    }

    pub fn problems(&self) -> &[SettingError] {
        &self.problems
    }

    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// A command line that finds the same values by itself, as defaults of its arguments.
    #[must_use]
    pub fn apply(&self, cli: Command) -> Command {
        let cli = cli.mut_subcommands(|command| self.apply(command));
        cli.mut_args(|argument| match self.find(argument.get_id().as_str()) {
            Some(Given { source: Source::Flag | Source::Variable, .. }) | None => argument,
            Some(Given { source: Source::File | Source::SecretFile(_), value: Some(value), .. }) => {
                without_variable(argument).default_value(value.clone())
            }
            Some(_) => without_variable(argument),
        })
    }

    /// The settings of the server, without those that are named. Those have their defaults.
    pub fn serve_args(&self, without: &[&str]) -> Result<ServeArgs, clap::Error> {
        let command = ServeArgs::augment_args(Command::new("serve").no_binary_name(true));
        let command = command.mut_args(without_variable);
        let is_known = |name: &str| command.get_arguments().any(|setting| setting.get_id() == name);
        let used =
            self.settings.iter().filter(|given| is_known(&given.name) && !without.contains(&&*given.name));
        let words: Vec<_> = used
            .filter_map(|Given { name, value, .. }| {
                let mut word = OsString::from(flag(name));
                word.push("=");
                word.push(value.as_ref()?);
                Some(word)
            })
            .collect();
        ServeArgs::from_arg_matches(&command.try_get_matches_from(words)?)
    }

    pub fn find(&self, name: &str) -> Option<&Given> {
        self.settings.iter().find(|given| given.name == name)
    }

    fn set(&mut self, name: &str, value: String, source: Source) {
        if let Some(given) = self.settings.iter_mut().find(|given| given.name == name) {
            (given.value, given.source) = (Some(value.into()), source);
        }
    }

    fn is_set(&self, name: &str) -> bool {
        self.find(name).is_some_and(|given| given.source != Source::Default)
    }

    fn add_config_file(&mut self, known: &BTreeMap<String, Kind>) {
        let Some(file) = self.find(CONFIG).and_then(|given| given.value.clone()) else { return };
        let (values, problems) = toml_file::read(&file, known);
        let has_secret = SECRETS.iter().any(|secret| values.contains_key(secret.name));
        if has_secret {
            self.warn_if_open(CONFIG, &file);
        }
        for (name, value) in values {
            if !self.is_set(&name) {
                self.set(&name, value, Source::File);
            }
        }
        self.problems.extend(problems);
    }

    fn add_secret_files(&mut self) {
        for secret in &SECRETS {
            let Some(file) = self.find(secret.file).and_then(|given| given.value.clone()) else { continue };
            if self.is_set(secret.name) {
                let other = format!("{} ({})", flag(secret.name), variable(secret.name));
                let trouble = format!("is set together with {other}");
                self.problems.push(SettingError::new(secret.file, trouble, "Set only one of the two."));
                continue;
            }
            match secret_file::read(secret, &file) {
                Ok(value) => self.set(secret.name, value, Source::SecretFile(secret.file)),
                Err(error) => self.problems.push(error),
            }
            self.warn_if_open(secret.file, &file);
        }
    }

    fn warn_if_open(&mut self, setting: &str, file: &OsStr) {
        if is_open_to_others(file.as_ref()) {
            self.warnings.push(format!(
                "the file that {setting} names can be read by other users and may contain a password. {}",
                readable_by_others(file)
            ));
        }
    }
}

/// An empty variable counts as unset, because templates of containers set all variables they know.
fn of_arguments(setting: &Arg, arguments: &ArgMatches) -> Given {
    let name = setting.get_id().as_str();
    let given = arguments.get_raw(name).and_then(|mut values| values.next()).map(ToOwned::to_owned);
    let (value, source) = match (arguments.value_source(name), given) {
        (Some(ValueSource::CommandLine), value) => (value, Source::Flag),
        (Some(ValueSource::EnvVariable), Some(value)) if !value.is_empty() => (Some(value), Source::Variable),
        _ => (setting.get_default_values().first().map(clap::builder::OsStr::to_os_string), Source::Default),
    };
    Given { name: name.to_owned(), value, source }
}

/// All settings that a configuration file may contain.
fn known(cli: &Command) -> BTreeMap<String, Kind> {
    let mut found: BTreeMap<_, _> = cli
        .get_arguments()
        .filter(|argument| is_setting(argument) && argument.get_id() != CONFIG)
        .map(|setting| (setting.get_id().to_string(), Kind::of(setting)))
        .collect();
    for command in cli.get_subcommands() {
        found.extend(known(command));
    }
    found
}

fn without_variable(setting: Arg) -> Arg {
    setting.env(None::<&'static str>)
}
