//! `keystead backup` writes the whole database to a file.

use std::io::{IsTerminal, stdout};
use std::path::{Path, PathBuf};

use clap::Args;
use service::{NewBackup, Passphrase, Progress, Service};

use super::operation;
use super::passphrase::PassphraseArgs;
use super::transfer::{Report, stop_on_signal, watched};
use super::{Failure, print_line};
use crate::boot::logs;
use crate::config::{LogArgs, ServiceArgs};

#[derive(Args)]
pub(super) struct Backup {
    /// File to write, or - for standard output.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replaces the file if it exists and is a backup.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl Backup {
    pub(super) fn run(self) -> Result<(), Failure> {
        let is_output = self.file == Path::new("-");
        if is_output && stdout().is_terminal() {
            return Err(
                "A backup is not written to a terminal. Name a file, or send the output to a program.".into(),
            );
        }
        let passphrase = self.passphrase.check()?;
        operation::run_unmigrated(&self.service, &self.log, async |service| {
            if is_output { write(&service, passphrase).await } else { self.make(&service, passphrase).await }
        })
    }

    async fn make(&self, service: &Service, passphrase: Option<Passphrase>) -> Result<(), Failure> {
        let progress = Progress::default();
        stop_on_signal(&progress)?;
        let new = NewBackup { replaces: self.force, passphrase };
        let work = service.back_up(&self.file, new, progress.clone());
        let (backup, seconds) = watched(&progress, work).await?;
        let report = Report::new(&backup.tables(), seconds);
        print_line(&report.of_file(backup.path(), backup.bytes(), backup.sha256()).to_line()?)
    }
}

/// Writes the backup to standard output, and therefore the report to standard error.
async fn write(service: &Service, passphrase: Option<Passphrase>) -> Result<(), Failure> {
    let progress = Progress::default();
    stop_on_signal(&progress)?;
    let work = service.write_backup(stdout(), passphrase, progress.clone());
    let (written, seconds) = watched(&progress, work).await?;
    let report = Report::new(&written.tables, seconds);
    logs::say(&report.of_file(Path::new("-"), written.bytes, written.sha256).to_line()?);
    Ok(())
}
