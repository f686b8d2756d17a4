//! Sets the limits of the process: no core dumps, because secrets are in memory, and enough open files.

use rlimit::Resource;
use service::causes;

/// Open files besides connections: database, log, signals and a reserve.
const OTHER_FILES: u64 = 128;

/// How many files a server with these connections may have to open.
pub fn files_wanted(connections_max: u32) -> u64 {
    u64::from(connections_max) + OTHER_FILES
}

/// Sets the limits. If the system refuses, the server logs a warning and starts anyway.
pub fn set(connections_max: u32) {
    if let Err(error) = rlimit::setrlimit(Resource::CORE, 0, 0) {
        tracing::warn!(error = %causes(&error), "core dumps could not be turned off");
    }
    let wanted = files_wanted(connections_max);
    match rlimit::increase_nofile_limit(wanted) {
        Ok(given) if given < wanted => {
            tracing::warn!(
                given,
                wanted,
                "the limit of open files is too low for connections_max; raise the hard limit"
            );
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(error = %causes(&error), "the limit of open files could not be raised"),
    }
}
