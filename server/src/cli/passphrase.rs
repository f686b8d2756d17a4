//! The option with the passphrase of a backup.

use std::path::PathBuf;

use clap::Args;
use service::Passphrase;

use super::Failure;
use crate::config::{is_open_to_others, read_secret_file, readable_by_others};

#[derive(Args)]
pub(super) struct PassphraseArgs {
    /// File with the passphrase with which the backup is encrypted. It has at least 12 characters.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl PassphraseArgs {
    pub(super) fn check(&self) -> Result<Option<Passphrase>, Failure> {
        let Some(file) = &self.passphrase_file else { return Ok(None) };
        let refuse = |trouble: String| -> Failure {
            let file = file.display();
            format!(
                "The option --passphrase-file names {file}, which {trouble}. Give a file that contains only the \
                 passphrase."
            )
            .into()
        };
        if is_open_to_others(file) {
            let right = readable_by_others(file.as_os_str());
            let file = file.display();
            return Err(format!(
                "The option --passphrase-file names {file}, which other users can read. {right}."
            )
            .into());
        }
        let text = read_secret_file(file).map_err(refuse)?;
        let passphrase = Passphrase::parse(&text);
        passphrase.map(Some).map_err(|error| refuse(format!("contains a passphrase that {error}")))
    }
}
