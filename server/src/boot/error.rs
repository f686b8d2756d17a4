//! The reasons why a server does not start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::config::SettingError;

/// A reason not to start. The message names the setting to change.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    #[error(
        "The server cannot listen on {address}, which the setting {setting} names. Stop the program that uses it, or \
         choose another address or port"
    )]
    Listen {
        /// As flag and variable, such as `--listen (KEYSTEAD_LISTEN)`.
        setting: &'static str,
        address: SocketAddr,
        #[source]
        source: io::Error,
    },
    #[error("The setting {setting} names {path}, which {trouble}. {right}", path = path.display())]
    Path {
        /// As flag and variable, such as `--data-dir (KEYSTEAD_DATA_DIR)`.
        setting: &'static str,
        path: PathBuf,
        /// What is wrong with the path, as the end of a sentence that begins with it.
        trouble: &'static str,
        /// A sentence that says what to do.
        right: &'static str,
        /// The error of the system, if there is one.
        #[source]
        source: Option<io::Error>,
    },
    #[error("The setting --database-url (KEYSTEAD_DATABASE_URL) names a database that cannot be used")]
    Database(#[source] service::Error),
    /// The settings name a place without a Keystead database, and the command does not create one.
    #[error(
        "The setting {setting} names {place}, which contains no Keystead database. Name the database that the server uses, \
         or create a new one with keystead bootstrap"
    )]
    NoKeystead {
        /// As flag and variable, such as `--data-dir (KEYSTEAD_DATA_DIR)`.
        setting: &'static str,
        /// The location of the database, without a password.
        place: String,
    },
    /// The database misses rows.
    #[error(
        "The setting {setting} names {place}. A restore or a copy into it was not finished. Run that command again, or \
         start again with an empty place"
    )]
    Unfinished {
        /// As flag and variable, such as `--data-dir (KEYSTEAD_DATA_DIR)`.
        setting: &'static str,
        /// The location of the database, without a password.
        place: String,
    },
    /// The database file was copied while it was in use.
    #[error(
        "The setting {setting} names {place}. The write-ahead log of the database there is missing (a file whose name \
         ends with -wal), and without it the database is empty. Copy both files, or restore a backup. If the database \
         was empty, remove its file"
    )]
    WithoutLog {
        /// As flag and variable, such as `--data-dir (KEYSTEAD_DATA_DIR)`.
        setting: &'static str,
        /// The location of the database.
        place: String,
    },
    #[error(transparent)]
    Setting(#[from] SettingError),
}
