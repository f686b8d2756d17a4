//! Where the value of a setting comes from: a flag, a variable, the configuration file, or a file with a secret.
//!
//! Settings are declared once, as arguments in `args.rs`. Everything here follows from these declarations.

mod declared;
mod given;
mod masked;
mod permissions;
mod secret_file;
mod toml_file;

#[cfg(any(test, fuzzing))]
pub(crate) use declared::Kind;
pub use declared::with_sources;
pub use given::{Given, Source, Sources};
pub use masked::masked;
pub use permissions::{is_open_to_others, readable_by_others};
#[cfg(any(test, fuzzing))]
pub(crate) use toml_file::parse as parse_config_file;
