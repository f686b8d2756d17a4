//! `keystead doctor` looks for everything that keeps a server from working well, and says what to do. It changes
//! nothing, and works beside a running server and without one.

mod backups;
mod certificate;
mod database;
mod disk;
mod files;
mod finding;
mod server;

use clap::Args;
use service::causes;

use self::finding::{Finding, Level};
use super::config::all_problems;
use super::{Failure, print_line};
use crate::config::{ServeArgs, ServeSettings, Sources};

#[derive(Args)]
pub(super) struct Doctor {
    /// Prints each check as one line of JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    _settings: ServeArgs,
}

impl Doctor {
    /// `problems` are those with variables and files, which every other command refuses.
    pub(super) fn run(self, sources: &Sources, problems: Vec<Failure>) -> Result<(), Failure> {
        let Self { json, _settings: _ } = self;
        let mut findings = of_settings(sources, problems)?;
        // With wrong settings, the other checks would look at the wrong place.
        if !findings.iter().any(Finding::is_problem) {
            findings.extend(of_server(&sources.serve_args(&[])?.check()?)?);
        }
        let lines: Result<Vec<_>, _> =
            findings.iter().map(|finding| if json { finding.json() } else { Ok(finding.text()) }).collect();
        print_line(&lines?.join("\n"))?;
        match findings.iter().filter(|finding| finding.is_problem()).count() {
            0 => Ok(()),
            1 => Err("1 problem was found.".into()),
            count => Err(format!("{count} problems were found.").into()),
        }
    }
}

fn of_settings(sources: &Sources, mut problems: Vec<Failure>) -> Result<Vec<Finding>, Failure> {
    problems.extend(all_problems(sources)?);
    let problems = problems.iter().map(|problem| (Level::Problem, causes(problem.as_ref()).to_string()));
    let warnings = sources.warnings().iter().map(|warning| (Level::Warning, warning.clone()));
    let mut found: Vec<_> =
        problems.chain(warnings).map(|(level, message)| Finding::new("settings", level, message)).collect();
    if found.is_empty() {
        found.push(Finding::ok("settings", "All settings are valid."));
    }
    Ok(found)
}

/// All checks of a server with valid settings, in the order in which they are printed.
fn of_server(settings: &ServeSettings) -> Result<Vec<Finding>, Failure> {
    let mut findings = files::check(settings);
    findings.extend(database::check(&settings.service.store)?);
    findings.extend(disk::check(settings));
    findings.push(backups::check(settings.backup.as_ref()));
    findings.extend(certificate::check(settings));
    findings.push(server::open_files(&settings.http));
    findings.extend(server::check(&settings.http));
    Ok(findings)
}
