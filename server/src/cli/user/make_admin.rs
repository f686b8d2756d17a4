//! `keystead user make-admin` gives a member the role of an admin.

use clap::Args;
use model::email::Email;
use model::field::FieldErrors;
use model::id::OrganizationId;

use super::member::MemberLine;
use crate::cli::operation::{self, explain, name_options, required_organization};
use crate::cli::{Failure, print_line};
use crate::config::{LogArgs, ServiceArgs};

#[derive(Args)]
pub(in crate::cli) struct MakeAdmin {
    /// Organization of the member.
    #[arg(long, value_name = "ID")]
    organization: String,
    /// E-mail address of the member.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl MakeAdmin {
    pub(super) fn run(self) -> Result<(), Failure> {
        let (organization, email) = self.check().map_err(|fields| name_options(&fields))?;
        operation::run(&self.service, &self.log, async |service| {
            let member = service.make_admin_locally(&organization, &email).await.map_err(explain)?;
            print_line(&serde_json::to_string(&MemberLine::from(&member))?)
        })
    }

    fn check(&self) -> Result<(OrganizationId, Email), FieldErrors> {
        let mut errors = FieldErrors::default();
        let organization = required_organization(&self.organization, &mut errors);
        let email = errors.take("email", Email::existing(&self.email));
        errors.or(organization.zip(email))
    }
}
