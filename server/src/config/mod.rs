//! What an operator can configure: flags and `KEYSTEAD_*` variables, which clap reads as text and this module checks.
//!
//! `docs/reference/configuration.md` contains the same table. A test compares the two.

mod address;
mod args;
mod backup;
mod database;
mod environment;
mod error;
mod network;
mod number;
mod operator;
mod secret_file;
mod settings;

pub use address::Origin;
pub use args::{
    AddressArgs, BackupArgs, DocsArgs, HttpArgs, KeyArgs, LogArgs, OperatorArgs, RetentionArgs, SealArgs,
    ServeArgs, ServiceArgs, SessionArgs, StoreArgs,
};
pub use database::{Database, parse_database};
pub use environment::refuse_unknown_variables;
pub use error::SettingError;
pub use network::Network;
pub use secret_file::read_secret_file;
pub use settings::{
    AddressSettings, DocsReaders, HttpSettings, KeySettings, LogFormat, LogSettings, ServeSettings,
    ServiceSettings, SessionSettings, StoreSettings,
};
