//! `keystead user invite` lets a person into the console of an organization.

use clap::Args;
use model::Timestamp;
use model::field::FieldErrors;
use model::id::OrganizationId;
use model::invitee::{Invitee, InviteeDraft};
use serde::Serialize;

use super::member::MemberLine;
use crate::cli::operation::{self, explain, invitation_url, name_options, required_organization};
use crate::cli::{Failure, print_line};
use crate::config::{AddressArgs, LogArgs, ServiceArgs};

#[derive(Args)]
pub(in crate::cli) struct Invite {
    /// Organization that the person joins.
    #[arg(long, value_name = "ID")]
    organization: String,
    /// E-mail address of the person.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// Name of a new member. The default is the part of the e-mail address before the @.
    #[arg(long, value_name = "NAME")]
    user_name: Option<String>,
    /// Role of a new member: admin, member or viewer. The default is member.
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    #[command(flatten)]
    address: AddressArgs,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

/// What is printed, as one line of JSON. The link appears nowhere else.
#[derive(Serialize)]
struct InvitedLine<'a> {
    #[serde(flatten)]
    member: MemberLine<'a>,
    sign_in_url: String,
    expires_at: Timestamp,
}

impl Invite {
    pub(super) fn run(self) -> Result<(), Failure> {
        let (organization, person) = self.check().map_err(|fields| name_options(&fields))?;
        let console = operation::console(&self.address)?;
        operation::run(&self.service, &self.log, async |service| {
            let invited = service.invite_locally(&organization, &person).await.map_err(explain)?;
            print_line(&serde_json::to_string(&InvitedLine {
                member: MemberLine::from(&invited.membership),
                sign_in_url: invitation_url(&console, &invited.token),
                expires_at: invited.expires_at,
            })?)
        })
    }

    fn check(&self) -> Result<(OrganizationId, Invitee), FieldErrors> {
        let mut errors = FieldErrors::default();
        let organization = required_organization(&self.organization, &mut errors);
        let draft = InviteeDraft {
            email: self.email.clone(),
            user_name: self.user_name.clone(),
            role: self.role.clone(),
        };
        let invitee = match draft.check() {
            Ok(invitee) => Some(invitee),
            Err(others) => {
                errors.merge(others);
                None
            }
        };
        errors.or(organization.zip(invitee))
    }
}
