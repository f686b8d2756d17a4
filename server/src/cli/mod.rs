//! The command line, with one file per command.

mod admin_key;
mod backup;
mod bootstrap;
mod config;
mod copy;
mod doctor;
mod gateway;
mod healthcheck;
mod help;
mod in_time;
mod migrate;
mod operation;
mod output;
mod passphrase;
mod reread;
mod restore;
mod serve;
mod signals;
mod transfer;
mod user;
mod verify_backup;
mod version;

use std::env;
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use service::causes;

pub use self::output::Failure;
use self::output::print_line;
use crate::boot::logs::{self, End};
use crate::config::{Sources, unknown_variables, with_sources};

/// Keystead manages the API keys of an organization, with a console in the browser, a REST API and your own database.
#[derive(Parser)]
#[command(name = "keystead", version, propagate_version = false, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server: console, REST API, health check.
    Serve(serve::Serve),
    /// Creates an organization and its first admin, and prints the admin key as JSON.
    Bootstrap(bootstrap::Bootstrap),
    /// Replaces a user's admin key and prints the new one as JSON.
    AdminKey(admin_key::AdminKey),
    /// Creates, shows and removes gateways, and prints configurations of proxies.
    #[command(subcommand)]
    Gateway(gateway::GatewayCommand),
    /// Lists and invites members, and helps people sign in to the console.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Asks a running server whether it can verify keys, for the health check of a container.
    Healthcheck(healthcheck::Healthcheck),
    /// Checks and shows the settings.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Looks for everything that keeps a server from working well, and says what to do. Changes nothing.
    Doctor(doctor::Doctor),
    /// Writes a backup of the whole database to a file.
    Backup(backup::Backup),
    /// Restores a backup into an empty place.
    Restore(restore::Restore),
    /// Checks that a backup is whole.
    VerifyBackup(verify_backup::VerifyBackup),
    /// Copies a database to an empty place, which may be a database of the other kind.
    Copy(copy::Copy),
    /// Updates the database to the schema of this version.
    Migrate(migrate::Migrate),
    /// Prints the version.
    Version(version::Version),
}

/// The whole command line, with what follows from the settings.
pub fn command() -> clap::Command {
    help::complete(with_sources(Cli::command()))
}

pub fn run() -> ExitCode {
    match execute() {
        Ok(end) => {
            logs::finish(end);
            ExitCode::SUCCESS
        }
        Err(failure) => {
            logs::say(&format!("keystead: {}", causes(failure.as_ref())));
            logs::finish(End::OfCommand);
            ExitCode::FAILURE
        }
    }
}

/// Parses the command line twice: first to find the files with settings, and then with the values from these files.
/// Returns how the process ends.
fn execute() -> Result<End, Failure> {
    let known = command();
    let matches = known.clone().get_matches();
    let unknown = unknown_variables(&known, env::vars_os());
    let sources = read_sources(&known, &matches);
    let Cli { command } =
        Cli::from_arg_matches(&sources.apply(known).get_matches()).unwrap_or_else(|error| error.exit());
    let problems = || {
        unknown
            .iter()
            .cloned()
            .map(Failure::from)
            .chain(sources.problems().iter().cloned().map(Failure::from))
    };
    let command = match command {
        // The version is asked for when the settings are wrong, too.
        Command::Version(version) => return version.run().map(|()| End::OfCommand),
        Command::Config(config) => {
            return config.run(&sources, problems().collect()).map(|()| End::OfCommand);
        }
        Command::Doctor(doctor) => {
            return doctor.run(&sources, problems().collect()).map(|()| End::OfCommand);
        }
        command => command,
    };
    if let Some(first) = problems().next() {
        return Err(first);
    }
    let end = if matches!(command, Command::Serve(_)) { End::OfServer } else { End::OfCommand };
    command.run(&sources).map(|()| end)
}

fn read_sources(known: &clap::Command, matches: &ArgMatches) -> Sources {
    let (chosen, arguments) = innermost(known, matches);
    Sources::read(known, chosen, arguments)
}

/// Reads the settings of this process again, with the files as they are now.
fn sources_again() -> Result<Sources, clap::Error> {
    let known = command();
    let matches = known.clone().try_get_matches()?;
    Ok(read_sources(&known, &matches))
}

/// The command that was chosen, below the commands that only group others.
fn innermost<'a>(
    mut command: &'a clap::Command,
    mut matches: &'a ArgMatches,
) -> (&'a clap::Command, &'a ArgMatches) {
    while let Some((name, below)) = matches.subcommand() {
        let Some(chosen) = command.find_subcommand(name) else { break };
        (command, matches) = (chosen, below);
    }
    (command, matches)
}

impl Command {
    fn run(self, sources: &Sources) -> Result<(), Failure> {
        match self {
            Self::Serve(serve) => serve.run(sources),
            Self::Bootstrap(bootstrap) => bootstrap.run(),
            Self::AdminKey(admin_key) => admin_key.run(),
            Self::Gateway(gateway) => gateway.run(),
            Self::User(user) => user.run(),
            Self::Config(config) => config.run(sources, Vec::new()),
            Self::Doctor(doctor) => doctor.run(sources, Vec::new()),
            Self::Healthcheck(healthcheck) => healthcheck.run(),
            Self::Backup(backup) => backup.run(),
            Self::Restore(restore) => restore.run(),
            Self::VerifyBackup(verify_backup) => verify_backup.run(),
            Self::Copy(copy) => copy.run(),
            Self::Migrate(migrate) => migrate.run(),
            Self::Version(version) => version.run(),
        }
    }
}
