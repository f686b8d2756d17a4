//! What an operator can configure: flags, `KEYSTEAD_*` variables and a configuration file, which are read as text and
//! checked.
//!
//! `docs/reference/configuration.md` contains the same table. A test compares the two.

mod address;
mod args;
mod backup;
mod bounded_file;
mod data_folder;
mod database;
mod environment;
mod error;
mod log_filter;
mod network;
mod node;
mod number;
mod operator;
mod parameters;
mod secret_file;
mod settings;
mod sources;
mod tls;
mod traces;

pub use address::{Origin, THIS_MACHINE};
pub use args::{
    AddressArgs, BackupArgs, DocsArgs, HttpArgs, KeyArgs, LogArgs, NodeArgs, OperatorArgs, RetentionArgs,
    SealArgs, ServeArgs, ServiceArgs, SessionArgs, StoreArgs, TlsArgs, TraceArgs,
};
pub use bounded_file::read_at_most;
pub use database::{Database, parse_database};
pub use environment::unknown_variables;
pub use error::SettingError;
pub use network::Network;
pub use secret_file::read_secret_file;
pub use settings::{
    AddressSettings, DocsReaders, HttpSettings, KeySettings, LogFormat, LogSettings, ServeSettings,
    ServiceSettings, SessionSettings, StoreSettings,
};
pub use sources::{Given, Source, Sources, is_open_to_others, masked, readable_by_others, with_sources};
#[cfg(any(test, fuzzing))]
pub(crate) use sources::{Kind, parse_config_file};
pub use tls::{AcmeSettings, CertificateFiles, CertificateSource, TlsSettings};
pub use traces::TraceSettings;
