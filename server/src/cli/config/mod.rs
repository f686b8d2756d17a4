//! `keystead config …` checks and shows the settings without using them.

mod check;
mod show;

use clap::Subcommand;

pub(super) use self::check::all_problems;
pub(super) use self::show::printable;

use super::Failure;
use crate::config::Sources;

#[derive(Subcommand)]
pub(super) enum ConfigCommand {
    /// Checks all settings as `serve` would. Prints ok, or everything that is wrong. Changes nothing and uses no
    /// database.
    Check(check::Check),
    /// Prints each setting with its value and where the value comes from. Passwords are hidden.
    Show(show::Show),
}

impl ConfigCommand {
    /// `problems` are those with variables and files, which every other command refuses.
    pub(super) fn run(self, sources: &Sources, problems: Vec<Failure>) -> Result<(), Failure> {
        match self {
            Self::Check(command) => command.run(sources, problems),
            Self::Show(command) => command.run(sources, problems),
        }
    }
}
