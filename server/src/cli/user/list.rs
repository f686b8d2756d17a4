//! `keystead user list` prints members.

use clap::Args;
use model::field::FieldErrors;
use model::user::User;
use service::{Membership, Service};

use super::member::MemberLine;
use crate::cli::operation::{self, explain, name_options, organization};
use crate::cli::{Failure, print_line};
use crate::config::{LogArgs, ServiceArgs};

#[derive(Args)]
pub(in crate::cli) struct List {
    /// Organization whose members are printed. The default is all organizations.
    #[arg(long, value_name = "ID")]
    organization: Option<String>,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl List {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut errors = FieldErrors::default();
        let organization = organization(self.organization.as_deref(), &mut errors);
        errors.or(Some(())).map_err(|fields| name_options(&fields))?;
        operation::run(&self.service, &self.log, async |service: Service| {
            // Read and printed part by part, because there may be many members.
            let mut last: Option<User> = None;
            loop {
                let part = service.list_users_locally(organization.as_ref(), last.as_ref()).await;
                let part = part.map_err(explain)?;
                let Some(Membership { user, .. }) = part.last() else { return Ok(()) };
                let lines = part.iter().map(|found| serde_json::to_string(&MemberLine::from(found)));
                print_line(&lines.collect::<Result<Vec<_>, _>>()?.join("\n"))?;
                last = Some(user.clone());
            }
        })
    }
}
