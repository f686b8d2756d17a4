//! Why a backup is not made or not restored. Each error is a sentence for the operator, with its cause as the source.

use std::io;
use std::path::{Path, PathBuf};

use store::Refusal;

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("The backup {path} {trouble}", path = path.display())]
    File { path: PathBuf, trouble: Trouble },
    #[error("The backup could not be written to standard output ({0})")]
    Output(io::Error),
    #[error("The database cannot be read")]
    Source(#[source] store::Error),
    #[error("The database cannot be filled: {0}")]
    Refused(Refusal),
    #[error(
        "The database was not filled completely. Run the same command again, and it continues where it stopped"
    )]
    Interrupted(#[source] store::Error),
    #[error(
        "The source contains rows that do not fit into a database of Keystead. Nothing can be continued: remove the database \
         that was to be filled"
    )]
    Unfit(#[source] store::Error),
    #[error("A task of the command has failed")]
    Panicked,
}

/// What is wrong with a file, as the end of a sentence that begins with it.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("could not be written, and nothing of it was left ({0})")]
    Unwritten(io::Error),
    #[error("cannot be read ({0})")]
    Unreadable(io::Error),
    #[error("exists already. Choose another name, or replace it with --force")]
    Exists,
    #[error("exists and is not a backup of Keystead, so it is not replaced")]
    NotReplaced,
    #[error("is not a backup of Keystead")]
    NotABackup,
    #[error("is damaged: it was cut off or changed")]
    Damaged,
    #[error("has format {0}, which only a newer version of Keystead can read")]
    NewerFormat(u32),
    #[error(
        "has schema {found}, and this version of Keystead knows schemas up to {known}. Restore it with version {version}, \
         which made it, or a later one"
    )]
    UnknownSchema { found: i64, known: i64, version: String },
    #[error("is encrypted. Name the file of its passphrase with --passphrase-file")]
    Encrypted,
    #[error(
        "is not encrypted, but a passphrase was given. Leave out --passphrase-file if you trust the file anyway"
    )]
    NotEncrypted,
    #[error("cannot be decrypted: either this is not its passphrase, or it was changed")]
    OtherPassphrase,
    #[error("was encrypted in another way than Keystead does it. Decrypt it with the program age first")]
    OtherEncryption,
    #[error("was changed while it was read")]
    Changed,
    #[error("was not read to its end, because nobody needs it any more")]
    Stopped,
    #[error("is an old one that could not be removed ({0})")]
    NotRemoved(io::Error),
}

impl Trouble {
    pub(super) fn at(self, path: &Path) -> BackupError {
        BackupError::File { path: path.to_owned(), trouble: self }
    }

    /// An error of a reader. The readers of this module report damaged content as invalid data.
    pub(super) fn of_reading(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
                Self::Damaged
            }
            _ => Self::Unreadable(error),
        }
    }
}

impl BackupError {
    /// An error of a database that rows are written to.
    pub(super) fn of_target(error: store::Error) -> Self {
        match error {
            store::Error::Archive(refusal) => Self::Refused(refusal),
            error if error.is_about_value() => Self::Unfit(error),
            error => Self::Interrupted(error),
        }
    }
}

impl From<tokio::task::JoinError> for BackupError {
    fn from(_: tokio::task::JoinError) -> Self {
        Self::Panicked
    }
}
