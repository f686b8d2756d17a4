//! `keystead restore` fills an empty place with the rows of a backup.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use service::{BackupFile, Progress};

use super::operation;
use super::passphrase::PassphraseArgs;
use super::transfer::{Report, watched};
use super::{Failure, print_line};
use crate::boot;
use crate::config::{LogArgs, ServiceArgs};

#[derive(Args)]
pub(super) struct Restore {
    /// The backup. It is read completely before a row is written.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl Restore {
    pub(super) fn run(self) -> Result<(), Failure> {
        let passphrase = self.passphrase.check()?;
        operation::run_without(&self.service, &self.log, async |settings| {
            let progress = Progress::default();
            let work = async {
                let backup = Arc::new(BackupFile::open(&self.file, passphrase).await?);
                let service = boot::open_to_fill(&settings).await?;
                let outcome = service.restore(Arc::clone(&backup), progress.clone()).await;
                service.close().await;
                Ok::<_, Failure>(outcome.map(|()| backup)?)
            };
            let (backup, seconds) = watched(&progress, work).await?;
            print_line(&Report::line_of(&backup, seconds)?)
        })
    }
}
