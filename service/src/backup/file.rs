//! A backup in a file, which was read and found whole.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use model::Timestamp;
use store::archive::{Batch, Part, PartsSender, TableTally};
use tokio::task::spawn_blocking;

use super::error::{BackupError, Trouble};
use super::passphrase::Passphrase;
use super::progress::Progress;
use super::read::{Content, read};

#[derive(Debug)]
pub struct BackupFile {
    pub(super) path: PathBuf,
    pub(super) file: File,
    pub(super) passphrase: Option<Passphrase>,
    pub(super) content: Content,
}

impl BackupFile {
    /// Reads a whole file. Fails if a byte is missing or changed, or if this version cannot restore it.
    pub async fn open(path: &Path, passphrase: Option<Passphrase>) -> Result<Self, BackupError> {
        let path = path.to_owned();
        spawn_blocking(move || {
            let opened = File::open(&path).map_err(Trouble::Unreadable);
            let checked =
                opened.and_then(|file| Ok((check(&file, passphrase.as_ref(), &Progress::default())?, file)));
            match checked {
                Ok((content, file)) => Ok(Self { path, file, passphrase, content }),
                Err(trouble) => Err(trouble.at(&path)),
            }
        })
        .await?
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn created_at(&self) -> Timestamp {
        self.content.header.created_at
    }

    pub fn bytes(&self) -> u64 {
        self.content.fingerprint.bytes
    }

    /// The SHA-256 of the file.
    pub fn sha256(&self) -> [u8; 32] {
        self.content.fingerprint.sha256
    }

    pub fn tables(&self) -> Vec<TableTally> {
        self.content.tally.tables()
    }

    /// Sends all rows. The end is sent only if the file has not changed since it was opened.
    pub(super) fn send(&self, sender: &PartsSender, progress: &Progress) -> Result<(), Trouble> {
        let take = |batch: Batch| {
            progress.add(batch.rows);
            sender.blocking_send(Ok(Part::Rows(batch))).is_ok()
        };
        let again = match read(from_start(&self.file)?, self.passphrase.as_ref(), take) {
            // The receiver has gone away and reports why.
            Err(Trouble::Stopped) => return Ok(()),
            outcome => outcome?,
        };
        if again.fingerprint != self.content.fingerprint {
            return Err(Trouble::Changed);
        }
        // The same is true here.
        let _ = sender.blocking_send(Ok(Part::End));
        Ok(())
    }
}

/// Reads a whole file from its start.
pub(super) fn check(
    file: &File,
    passphrase: Option<&Passphrase>,
    progress: &Progress,
) -> Result<Content, Trouble> {
    read(from_start(file)?, passphrase, |_| !progress.is_stopped())
}

fn from_start(mut file: &File) -> Result<&File, Trouble> {
    file.seek(SeekFrom::Start(0)).map_err(Trouble::Unreadable)?;
    Ok(file)
}
