//! The reasons why a server does not start.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::config::{SettingError, readable_by_others};

/// A reason not to start. The message names the setting to change.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    #[error("The server cannot listen on {address}, which the setting {setting} names. {right}", right = to_listen(source))]
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
    /// A file with a secret that other users can read.
    #[error(
        "The setting {setting} names {path}, which other users can read. {right}",
        path = path.display(),
        right = readable_by_others(path.as_os_str())
    )]
    OpenFile {
        /// As flag and variable.
        setting: &'static str,
        path: PathBuf,
    },
    #[error("The setting --otlp-endpoint (KEYSTEAD_OTLP_ENDPOINT) names a collector that cannot be used")]
    Traces(#[source] Box<dyn Error + Send + Sync>),
    #[error("The setting --database-url (KEYSTEAD_DATABASE_URL) names a database that cannot be used")]
    Database(#[source] DatabaseError),
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

impl BootError {
    pub(super) fn database(error: service::Error) -> Self {
        Self::Database(DatabaseError(error))
    }
}

/// An error of the database. The operator reads its reason without the words of the layers in between.
#[derive(Debug)]
pub struct DatabaseError(service::Error);

impl DatabaseError {
    fn reason(&self) -> &(dyn Error + 'static) {
        match (&self.0, self.0.source()) {
            (service::Error::Store(_), Some(reason)) => reason,
            _ => &self.0,
        }
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason())
    }
}

impl Error for DatabaseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.reason().source()
    }
}

/// What to do if the system refuses an address.
fn to_listen(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            "Only root may use ports below 1024. Choose a higher port and put a proxy in front, or allow this port: with \
             AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit, or with setcap cap_net_bind_service=+ep on the \
             program"
        }
        ErrorKind::AddrInUse => "Another program uses it. Stop that program, or choose another port",
        ErrorKind::AddrNotAvailable => {
            "This machine does not have this address. Choose one of its addresses, or 0.0.0.0 for all of them"
        }
        _ => "Choose another address or port",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_cannot_be_used_is_explained_by_its_reason() {
        for (kind, advice) in [
            (ErrorKind::PermissionDenied, "AmbientCapabilities=CAP_NET_BIND_SERVICE"),
            (ErrorKind::AddrInUse, "Another program uses it"),
            (ErrorKind::AddrNotAvailable, "0.0.0.0 for all of them"),
        ] {
            let address = SocketAddr::from(([0, 0, 0, 0], 80));
            let error =
                BootError::Listen { setting: "--listen (KEYSTEAD_LISTEN)", address, source: kind.into() }
                    .to_string();
            assert!(error.contains("--listen (KEYSTEAD_LISTEN)") && error.contains("0.0.0.0:80"), "{error}");
            assert!(error.contains(advice), "{error}");
        }
    }
}
