//! `keystead copy` copies a database to an empty place, such as a database of the other kind.

use clap::Args;
use service::{Copied, Progress, Service, causes};

use super::operation;
use super::transfer::{Report, watched};
use super::{Failure, print_line};
use crate::boot::{self, BootError};
use crate::config::{LogArgs, ServiceArgs, ServiceSettings, parse_database};

#[derive(Args)]
pub(super) struct Copy {
    /// Database to read: `postgres://…` or `sqlite:FILE`.
    #[arg(long, value_name = "URL")]
    from: String,
    /// Database to fill, which is created if it is a file: `postgres://…` or `sqlite:FILE`.
    #[arg(long, value_name = "URL")]
    to: String,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl Copy {
    pub(super) fn run(self) -> Result<(), Failure> {
        operation::run_without(&self.service, &self.log, async |settings| {
            let (from, to) = (at("from", &self.from, &settings)?, at("to", &self.to, &settings)?);
            let from = opened("from", boot::open_unmigrated(&from).await)?;
            let outcome = fill(&from, &to).await;
            from.close().await;
            let (copied, seconds) = outcome?;
            print_line(&Report::new(&copied.tables, seconds).to_line()?)
        })
    }
}

/// Fills the target. Returns what was copied, and the seconds that it took.
async fn fill(from: &Service, to: &ServiceSettings) -> Result<(Copied, f64), Failure> {
    let to = opened("to", boot::open_to_fill(to).await)?;
    let progress = Progress::default();
    let outcome = watched(&progress, from.copy_to(&to, progress.clone())).await;
    to.close().await;
    outcome
}

/// The settings for the database that an option names.
fn at(option: &'static str, url: &str, settings: &ServiceSettings) -> Result<ServiceSettings, Failure> {
    let mut settings = settings.clone();
    settings.store.database = parse_database(option, url).map_err(|error| {
        format!("The option --{option} {}. Give postgres://USER@HOST/NAME or sqlite:FILE.", error.given)
    })?;
    Ok(settings)
}

/// Says which option names a database that cannot be opened. The URL is not repeated, because it may contain a
/// password.
fn opened(option: &str, opened: Result<Service, BootError>) -> Result<Service, Failure> {
    opened.map_err(|error| {
        let trouble = match &error {
            BootError::Database(cause) => causes(cause).to_string(),
            BootError::NoKeystead { .. } => "it contains no Keystead database".to_owned(),
            BootError::Unfinished { .. } => "a restore or a copy into it was not finished".to_owned(),
            BootError::Path { path, trouble, source, .. } => {
                let cause = source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default();
                format!("{} {trouble}{cause}", path.display())
            }
            other => causes(other).to_string(),
        };
        format!("The option --{option} names a database that cannot be used: {trouble}").into()
    })
}
