//! `keystead verify-backup` checks that a backup is whole. It needs no database.

use std::path::PathBuf;

use clap::Args;
use service::{BackupFile, Progress};

use super::operation;
use super::passphrase::PassphraseArgs;
use super::transfer::{Report, watched};
use super::{Failure, print_line};
use crate::config::{LogArgs, ServiceArgs};

#[derive(Args)]
pub(super) struct VerifyBackup {
    /// The backup.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl VerifyBackup {
    pub(super) fn run(self) -> Result<(), Failure> {
        let passphrase = self.passphrase.check()?;
        operation::run_without(&self.service, &self.log, async |_| {
            let work = BackupFile::open(&self.file, passphrase);
            let (backup, seconds) = watched(&Progress::default(), work).await?;
            print_line(&Report::line_of(&backup, seconds)?)
        })
    }
}
