//! The command line, with one file per command.

mod admin_key;
mod bootstrap;
mod gateway;
mod healthcheck;
mod migrate;
mod operation;
mod output;
mod serve;
mod signals;
mod user;
mod version;

use std::env;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use service::causes;

pub use self::output::Failure;
use self::output::print_line;
use crate::boot::logs::{self, End};
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
    /// Asks a running server whether it can verify keys, for the health check of a container.
    Healthcheck(healthcheck::Healthcheck),
    /// Updates the database to the schema of this version.
    Migrate(migrate::Migrate),
    /// Prints the version.
    Version(version::Version),
}

pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let is_server = matches!(cli.command, Command::Serve(_));
    let outcome =
        refuse_unknown_variables(&Cli::command(), env::vars_os()).map_err(Failure::from).and_then(|()| {
            match cli.command {
                Command::Serve(serve) => serve.run(),
                Command::Bootstrap(bootstrap) => bootstrap.run(),
                Command::AdminKey(admin_key) => admin_key.run(),
                Command::Gateway(gateway) => gateway.run(),
                Command::User(user) => user.run(),
                Command::Healthcheck(healthcheck) => healthcheck.run(),
                Command::Migrate(migrate) => migrate.run(),
                Command::Version(version) => version.run(),
            }
        });
    match outcome {
        Ok(()) => {
            logs::finish(if is_server { End::OfServer } else { End::OfCommand });
            ExitCode::SUCCESS
        }
        Err(failure) => {
            logs::say(&format!("keystead: {}", causes(failure.as_ref())));
            logs::finish(End::OfCommand);
            ExitCode::FAILURE
        }
    }
}
