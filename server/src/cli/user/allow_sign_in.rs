//! `keystead user allow-sign-in` opens an account again that failed sign-ins have closed.

use clap::Args;
use model::email::Email;
use model::field::FieldErrors;

use crate::cli::Failure;
use crate::cli::operation::{self, explain, name_options};
use crate::config::{LogArgs, ServiceArgs};

#[derive(Args)]
pub(in crate::cli) struct AllowSignIn {
    /// E-mail address with which the person signs in.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl AllowSignIn {
    pub(super) fn run(self) -> Result<(), Failure> {
        let email = self.check().map_err(|fields| name_options(&fields))?;
        operation::run(&self.service, &self.log, async |service| {
            service.allow_sign_in_locally(&email).await.map_err(explain)
        })
    }

    fn check(&self) -> Result<Email, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::existing(&self.email));
        errors.or(email)
    }
}
