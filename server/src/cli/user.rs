//! `keystead user`

use clap::{Args, Subcommand};
use model::email::Email;
use model::field::FieldErrors;

use super::Failure;
use super::operation::{self, explain, name_options};
use crate::config::{LogArgs, ServiceArgs};

#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Lets somebody sign in again whose account was closed after too many failed attempts.
    AllowSignIn(AllowSignIn),
}

#[derive(Args)]
pub(super) struct AllowSignIn {
    /// E-mail address that the person signs in with.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl UserCommand {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::AllowSignIn(command) => command.run(),
        }
    }
}

impl AllowSignIn {
    fn run(self) -> Result<(), Failure> {
        let email = self.check().map_err(|fields| name_options(&fields))?;
        operation::run(&self.service, &self.log, async |service| {
            service.allow_sign_in_locally(&email).await.map_err(explain)
        })
    }

    fn check(&self) -> Result<Email, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::parse(&self.email));
        errors.or(email)
    }
}
