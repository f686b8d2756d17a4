//! `keystead version` prints the version.

use clap::Args;

use super::{Failure, print_line};
use crate::config::StoreArgs;

/// Takes the database's flags like every command, so that scripts may pass the same ones everywhere.
#[derive(Args)]
pub(super) struct Version {
    #[command(flatten)]
    _store: StoreArgs,
}

impl Version {
    pub(super) fn run(self) -> Result<(), Failure> {
        let Self { _store: _ } = self;
        print_line(&format!("keystead {}", env!("CARGO_PKG_VERSION")))
    }
}
