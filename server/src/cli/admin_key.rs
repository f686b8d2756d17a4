//! `keystead admin-key`

use clap::Args;
use model::email::Email;
use model::field::{FieldError, FieldErrors, Rule};
use model::id::OrganizationId;

use super::Failure;
use super::operation::{self, explain, name_options, print_bootstrapped};
use crate::config::{LogArgs, ServiceArgs};

#[derive(Args)]
pub(super) struct AdminKey {
    /// E-mail address of the user.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// Organization of the user; needed when the address is in several.
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
            print_bootstrapped(&made)
        })
    }

    fn check(&self) -> Result<(Email, Option<OrganizationId>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::parse(&self.email));
        let organization = self.organization.as_deref().map(|id| {
            let parsed = OrganizationId::parse(id);
            parsed.map_err(|_| {
                FieldError::new(Rule::ValueError, "Give an organization's id, which begins with org_.")
            })
        });
        let organization = organization.and_then(|result| errors.take("organization", result));
        errors.or(email.map(|email| (email, organization)))
    }
}
