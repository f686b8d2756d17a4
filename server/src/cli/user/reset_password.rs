//! `keystead user reset-password` lets a person choose a new password.

use clap::Args;
use model::Timestamp;
use model::email::Email;
use model::field::FieldErrors;
use model::id::OrganizationId;
use service::ResetLink;

use crate::cli::operation::{self, explain, name_options, organization, reset_url};
use crate::cli::{Failure, print_line};
use crate::config::{AddressArgs, LogArgs, ServiceArgs};

#[derive(Args)]
pub(in crate::cli) struct ResetPassword {
    /// E-mail address of the person.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// Organization that the link also joins, if the person has not joined it.
    #[arg(long, value_name = "ID")]
    organization: Option<String>,
    #[command(flatten)]
    address: AddressArgs,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl ResetPassword {
    pub(super) fn run(self) -> Result<(), Failure> {
        let (email, organization) = self.check().map_err(|fields| name_options(&fields))?;
        let console = operation::console(&self.address)?;
        operation::run(&self.service, &self.log, async |service| {
            let made = service.create_reset_link(&email, organization.as_ref()).await.map_err(explain)?;
            print(&made, reset_url(&console, &made))
        })
    }

    fn check(&self) -> Result<(Email, Option<OrganizationId>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::existing(&self.email));
        let organization = organization(self.organization.as_deref(), &mut errors);
        errors.or(email.map(|email| (email, organization)))
    }
}

/// Prints the link as one line of JSON. It appears nowhere else.
fn print(link: &ResetLink, sign_in_url: String) -> Result<(), Failure> {
    #[derive(serde::Serialize)]
    struct Line<'a> {
        user_email: &'a str,
        organization_ids: &'a [OrganizationId],
        sign_in_url: String,
        expires_at: Timestamp,
    }
    print_line(&serde_json::to_string(&Line {
        user_email: link.email.as_str(),
        organization_ids: &link.organizations,
        sign_in_url,
        expires_at: link.expires_at,
    })?)
}
