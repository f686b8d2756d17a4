//! `keystead config check` checks all settings.

use clap::Args;

use service::causes;

use crate::boot::{check_certificate, check_seal_key, logs};
use crate::cli::{Failure, print_line};
use crate::config::{ServeArgs, Sources};

#[derive(Args)]
pub(in crate::cli) struct Check {
    #[command(flatten)]
    _settings: ServeArgs,
}

impl Check {
    pub(super) fn run(self, sources: &Sources, mut problems: Vec<Failure>) -> Result<(), Failure> {
        let Self { _settings: _ } = self;
        problems.extend(all_problems(sources)?);
        for warning in sources.warnings() {
            logs::say(&format!("keystead: warning: {warning}"));
        }
        for problem in &problems {
            logs::say(&format!("keystead: {}", causes(problem.as_ref())));
        }
        match problems.len() {
            0 => print_line("ok"),
            1 => Err("1 problem was found.".into()),
            count => Err(format!("{count} problems were found.").into()),
        }
    }
}

/// Checks until nothing is wrong any more. Each setting that was refused has its default in the next round.
pub(in crate::cli) fn all_problems(sources: &Sources) -> Result<Vec<Failure>, Failure> {
    let (mut refused, mut problems) = (Vec::new(), Vec::new());
    loop {
        match sources.serve_args(&refused)?.check() {
            Ok(settings) => {
                problems.extend(check_seal_key(&settings).err().map(Failure::from));
                problems.extend(check_certificate(&settings).err().map(Failure::from));
                return Ok(problems);
            }
            // A default that is refused would be refused again.
            Err(error) if refused.contains(&error.name) => return Ok(problems),
            Err(error) => {
                refused.push(error.name);
                problems.push(error.into());
            }
        }
    }
}
