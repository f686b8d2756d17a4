//! The metrics of each part of the server, and the only place where their names stand. A new part gets a file here, and
//! a line in `text`.

pub(super) mod backups;
pub(super) mod connections;
pub(super) mod database;
pub(super) mod key_cache;
pub(super) mod process;
pub(super) mod requests;
pub(super) mod revocations;
pub(super) mod sign_ins;
pub(super) mod tls;
pub(super) mod verifications;
pub(super) mod write_behind;
