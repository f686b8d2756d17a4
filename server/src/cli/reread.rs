//! The configuration file of a running server, which SIGHUP reads again. Only the log filter can change without a
//! restart.

use std::ffi::OsString;
use std::path::Path;

use service::causes;
use tracing::Level;

use super::in_time::in_time;
use super::{Failure, sources_again};
use crate::boot::logs;
use crate::config::{Given, Sources};

/// The setting that is applied at once.
const LOG: &str = "log";

/// The configuration file, and the settings that are in use.
pub(super) struct ConfigFile {
    file: Option<OsString>,
    used: Vec<Given>,
}

/// What a file says now.
struct Read {
    settings: Vec<Given>,
    filter: String,
}

impl ConfigFile {
    pub(super) fn new(sources: &Sources) -> Self {
        let file = sources.find("config").and_then(|given| given.value.clone());
        Self { file, used: sources.settings().to_vec() }
    }

    /// Reads the file again and applies the log filter. Names the other settings that have changed. A file that is
    /// refused changes nothing. Returns whether there is a file.
    pub(super) async fn reread(&mut self) -> bool {
        let Some(file) = self.file.clone() else { return false };
        if !Path::new(&file).is_file() {
            tracing::error!(
                "SIGHUP did not read config again, because it does not name a file; the settings stay"
            );
            return true;
        }
        match in_time(|| read().map_err(|failure| causes(failure.as_ref()).to_string())).await {
            Some(Ok(read)) => self.apply(read),
            Some(Err(error)) => {
                tracing::error!(error, "SIGHUP did not change the settings, because config is refused");
            }
            None => tracing::error!(
                "SIGHUP did not change the settings, because config could not be read in time"
            ),
        }
        true
    }

    fn apply(&mut self, read: Read) {
        let changed = changed(&self.used, &read.settings);
        if !changed.is_empty() {
            let settings = changed.join(", ");
            tracing::warn!(
                settings,
                "read again after SIGHUP: these settings have changed and need a restart"
            );
        }
        if value(&self.used, LOG) == value(&read.settings, LOG) {
            tracing::info!("read again after SIGHUP: config; log has not changed");
            return;
        }
        // The old or the new filter may leave this line out.
        let report = || tracing::info!(log = read.filter, "read again after SIGHUP: config; log has changed");
        let is_reported = tracing::enabled!(Level::INFO);
        if is_reported {
            report();
        }
        if let Err(error) = logs::set_filter(&read.filter) {
            tracing::error!(error = %causes(&error), "the log filter could not be changed");
            return;
        }
        if !is_reported {
            report();
        }
        self.used.retain(|given| given.name != LOG);
        self.used.extend(read.settings.into_iter().filter(|given| given.name == LOG));
    }
}

/// Reads and checks all settings, as at the start.
fn read() -> Result<Read, Failure> {
    let sources = sources_again()?;
    if let Some(problem) = sources.problems().first() {
        return Err(problem.clone().into());
    }
    let filter = sources.serve_args(&[])?.check()?.log.filter;
    Ok(Read { settings: sources.settings().to_vec(), filter })
}

fn value<'a>(settings: &'a [Given], name: &str) -> Option<&'a OsString> {
    settings.iter().find(|given| given.name == name)?.value.as_ref()
}

/// The names of the settings, apart from the log filter, whose values differ. The values may be secret.
fn changed(used: &[Given], read: &[Given]) -> Vec<String> {
    let differs = |given: &&Given| given.name != LOG && value(used, &given.name) != given.value.as_ref();
    read.iter().filter(differs).map(|given| given.name.clone()).collect()
}
