//! The command line, with one file per command.

mod admin_key;
mod backup;
mod bootstrap;
mod copy;
mod gateway;
mod migrate;
mod operation;
mod output;
mod passphrase;
mod restore;
mod serve;
mod transfer;
mod user;
mod verify_backup;
mod version;

use std::env;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

pub use self::output::Failure;
use self::output::{print_line, with_causes};
use crate::boot::logs;
use crate::config::refuse_unknown_variables;

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

pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome =
        refuse_unknown_variables(&Cli::command(), env::vars_os()).map_err(Failure::from).and_then(|()| {
            match cli.command {
                Command::Serve(serve) => serve.run(),
                Command::Bootstrap(bootstrap) => bootstrap.run(),
                Command::AdminKey(admin_key) => admin_key.run(),
                Command::Gateway(gateway) => gateway.run(),
                Command::User(user) => user.run(),
                Command::Backup(backup) => backup.run(),
                Command::Restore(restore) => restore.run(),
                Command::VerifyBackup(verify_backup) => verify_backup.run(),
                Command::Copy(copy) => copy.run(),
                Command::Migrate(migrate) => migrate.run(),
                Command::Version(version) => version.run(),
            }
        });
    let code = match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            logs::say(&format!("keystead: {}", with_causes(failure.as_ref())));
            ExitCode::FAILURE
        }
    };
    logs::finish();
    code
}
