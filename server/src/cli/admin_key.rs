//! `keystead admin-key` replaces a user's admin key.

use clap::Args;
use model::email::Email;
use model::field::FieldErrors;
use model::id::OrganizationId;

use super::Failure;
use super::operation::{self, explain, name_options, organization, print_bootstrapped};
use crate::config::{LogArgs, ServiceArgs};

#[derive(Args)]
pub(super) struct AdminKey {
    /// E-mail address of the user.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// Organization of the user. Needed if the e-mail address is used in several organizations.
    #[arg(long, value_name = "ID")]
    organization: Option<String>,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl AdminKey {
    pub(super) fn run(self) -> Result<(), Failure> {
        let (email, organization) = self.check().map_err(|fields| name_options(&fields))?;
        operation::run(&self.service, &self.log, async |service| {
            let made = service.replace_admin_key(&email, organization.as_ref()).await.map_err(explain)?;
            print_bootstrapped(&made, None)
        })
    }

    fn check(&self) -> Result<(Email, Option<OrganizationId>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::existing(&self.email));
        let organization = organization(self.organization.as_deref(), &mut errors);
        errors.or(email.map(|email| (email, organization)))
    }
}
