//! `keystead migrate` brings the database to this version's schema.

use clap::Args;

use super::operation::{self, explain};
use super::{Failure, print_line};
use crate::config::{LogArgs, ServiceArgs};

#[derive(Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl Migrate {
    pub(super) fn run(self) -> Result<(), Failure> {
        operation::run_unmigrated(&self.service, &self.log, async |service| {
            let report = service.migrate().await.map_err(explain)?;
            for (number, name) in &report.applied {
                print_line(&format!("Applied {number:04} {name}"))?;
            }
            if report.applied.is_empty() {
                print_line("The database already has the schema of this version.")?;
            }
            Ok(())
        })
    }
}
