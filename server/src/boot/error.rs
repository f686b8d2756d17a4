//! Why a server does not start.

use std::{io, net::SocketAddr, path::PathBuf};

use crate::config::SettingError;

/// A reason not to start, with the setting to change.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// The address cannot be listened on.
    #[error(
        "The setting {setting} names {address}, which cannot be listened on. \
         Stop what uses it, or choose another address or port"
    )]
    Listen {
        /// The setting, as flag and variable.
        setting: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A file or folder cannot be used.
    #[error("The setting {setting} names {path}, which {trouble}. {right}", path = path.display())]
    Path {
        /// The setting, as flag and variable.
        setting: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        trouble: &'static str,
        /// A sentence that says what to do.
        right: &'static str,
        /// What the system says, where it says something.
        #[source]
        source: Option<io::Error>,
    },
    /// The database cannot be used.
    #[error("The setting --database-url (KEYSTEAD_DATABASE_URL) names a database that cannot be used")]
    Database(#[source] service::Error),
    /// There is no Keystead where the settings say, and the command makes none.
    #[error(
        "The setting {setting} names {place}, which holds no Keystead. Name the one that the server uses; \
         keystead bootstrap makes a new one"
    )]
    NoKeystead {
        /// The setting, as flag and variable.
        setting: &'static str,
        /// The place; without a password.
        place: String,
    },
    /// A setting is wrong.
    #[error(transparent)]
    Setting(#[from] SettingError),
}
