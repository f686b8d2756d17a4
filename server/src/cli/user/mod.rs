//! `keystead user …` lists members, and helps people who cannot sign in to the console.

mod allow_sign_in;
mod invite;
mod list;
mod make_admin;
mod member;
mod reset_password;

use clap::Subcommand;

use super::Failure;

#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Prints the members of one organization or of all as JSON, one per line.
    List(list::List),
    /// Invites a person, adds them if they are no member yet, and prints the one-time link as JSON.
    Invite(invite::Invite),
    /// Prints, as JSON, a one-time link with which a person chooses a new password.
    ResetPassword(reset_password::ResetPassword),
    /// Lets a person sign in again after too many failed attempts.
    AllowSignIn(allow_sign_in::AllowSignIn),
    /// Makes a member an admin and prints them as JSON.
    MakeAdmin(make_admin::MakeAdmin),
}

impl UserCommand {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(),
            Self::Invite(command) => command.run(),
            Self::ResetPassword(command) => command.run(),
            Self::AllowSignIn(command) => command.run(),
            Self::MakeAdmin(command) => command.run(),
        }
    }
}
