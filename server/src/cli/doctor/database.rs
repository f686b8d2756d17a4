//! Whether the database can be used: its version, its schema, its clock, its write-ahead log, and its pages.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::time::Duration;

use service::{Inspection, Inspector, Store, Target, WithoutLog, causes};
use tokio::runtime::Builder;
use tokio::time::timeout;

use super::Finding;
use crate::boot::{folder, target};
use crate::cli::Failure;
use crate::config::StoreSettings;

/// The longest wait for everything but the pages. A database that is not reachable is given up earlier, with its
/// reason.
const ANSWERED_WITHIN: Duration = Duration::from_secs(20);
/// How long the pages of a SQLite file are checked. About 1 GB can be read in that time.
const CHECKED_WITHIN: Duration = Duration::from_secs(10);
/// The write-ahead log is emptied long before it has this size.
const LOG_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Seconds by which two clocks may differ without harm.
const CLOCK_SECONDS_MAX: u64 = 5;

pub(super) fn check(settings: &StoreSettings) -> Result<Vec<Finding>, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let findings = runtime.block_on(async {
        timeout(ANSWERED_WITHIN + CHECKED_WITHIN, findings(settings)).await.unwrap_or_else(|_| {
            vec![Finding::problem("database", "The database does not answer in time. Look at its server.")]
        })
    });
    // A check that was given up may go on until the process ends.
    runtime.shutdown_background();
    Ok(findings)
}

async fn findings(settings: &StoreSettings) -> Vec<Finding> {
    let (target, place) = (target(settings), folder::named(settings).1);
    let refuse = |error: service::Error| {
        vec![Finding::problem("database", format!("The database cannot be used: {}.", causes(&error)))]
    };
    if let Some(error) = unreadable(&target) {
        let message =
            format!("The database in {place} cannot be read ({error}). Run this as the user of the server.");
        return vec![Finding::problem("database", message)];
    }
    match Store::exists(&target).await {
        Ok(true) => {}
        Ok(false) => {
            let message = format!(
                "There is no Keystead database in {place}. Name the place that the server uses, or create the database \
                 with keystead serve or keystead bootstrap."
            );
            return vec![Finding::problem("database", message)];
        }
        Err(error) => return refuse(error.into()),
    }
    if Store::needs_recovery(&target) {
        let message = format!(
            "The database in {place} was not closed, and its files were moved. Start the server once. It reads the \
             write-ahead log."
        );
        return vec![Finding::warning("database", message)];
    }
    let opened = match Inspector::open(&target).await {
        Ok(opened) => opened,
        Err(error) => return refuse(error),
    };
    let found = match opened.inspect().await {
        Ok(found) => found,
        Err(error) => return refuse(error),
    };
    let mut findings = vec![of_schema(&target, &place, &found), of_clock(&found)];
    findings.extend(of_log(&target, &place).await);
    if matches!(target, Target::Sqlite(_)) {
        findings.push(of_pages(&opened).await);
    }
    findings
}

/// Why the system refuses to open the file of a database that may be there.
fn unreadable(target: &Target) -> Option<io::Error> {
    let Target::Sqlite(file) = target else { return None };
    fs::metadata(file)
        .and_then(|found| if found.is_file() { File::open(file).map(drop) } else { Ok(()) })
        .err()
        .filter(|error| !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory))
}

fn of_schema(target: &Target, place: &str, found: &Inspection) -> Finding {
    let Inspection { version, schema, known_schema: known, .. } = found;
    let kind = if matches!(target, Target::Postgres(_)) { "PostgreSQL" } else { "SQLite" };
    let database = format!("{kind} {version} in {place} has schema {schema}");
    if found.is_import_unfinished {
        let right = "Run that command again, or start again with an empty place.";
        let message =
            format!("A restore or a copy into {place} was not finished, so rows are missing. {right}");
        return Finding::problem("database", message);
    }
    match schema.cmp(known) {
        std::cmp::Ordering::Equal => {
            Finding::ok("database", format!("{database}, as this version needs it."))
        }
        std::cmp::Ordering::Less => Finding::warning(
            "database",
            format!("{database}. This version needs {known}. The next start or keystead migrate updates it."),
        ),
        std::cmp::Ordering::Greater => Finding::problem(
            "database",
            format!("{database}. This version knows only schemas up to {known}. Install a newer version."),
        ),
    }
}

fn of_clock(found: &Inspection) -> Finding {
    let differs = |seconds: &i64| seconds.unsigned_abs() > CLOCK_SECONDS_MAX;
    if let Some(ahead) = found.clock_ahead.filter(differs) {
        let way = if ahead > 0 { "ahead of" } else { "behind" };
        let message = format!(
            "The clock of the database is {} seconds {way} that of this machine. Let both follow the same time.",
            ahead.unsigned_abs()
        );
        return Finding::warning("clock", message);
    }
    if let Some(ahead) = found.record_ahead.filter(|ahead| *ahead > 0 && differs(ahead)) {
        let message = format!(
            "The latest audit record is {ahead} seconds in the future, so a clock was wrong then or is wrong now. Check \
             the clock of this machine."
        );
        return Finding::warning("clock", message);
    }
    Finding::ok("clock", "The clock agrees with the database.")
}

async fn of_log(target: &Target, place: &str) -> Option<Finding> {
    let Target::Sqlite(file) = target else { return None };
    match Store::without_log(target).await {
        Ok(None) => {}
        Ok(Some(WithoutLog::InUse | WithoutLog::Empty)) => {
            let message = format!(
                "The write-ahead log of the database in {place} is missing. If the file was copied while Keystead was \
                 running, its latest changes are lost."
            );
            return Some(Finding::warning("log", message));
        }
        Err(error) => {
            return Some(Finding::warning(
                "log",
                format!("The write-ahead log cannot be checked: {}.", causes(&error)),
            ));
        }
    }
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let bytes = fs::metadata(log).map_or(0, |found| found.len());
    let found = format!("The write-ahead log has {} MiB.", bytes / (1024 * 1024));
    Some(if bytes > LOG_BYTES_MAX {
        let why = "A program that keeps reading the database holds it up. Find it, or restart the server.";
        Finding::warning("log", format!("{found} {why}"))
    } else {
        Finding::ok("log", found)
    })
}

async fn of_pages(opened: &Inspector) -> Finding {
    match timeout(CHECKED_WITHIN, opened.damage()).await {
        Ok(Ok(None)) => Finding::ok("integrity", "The pages of the database are whole."),
        Ok(Ok(Some(damage))) => Finding::problem(
            "integrity",
            format!("The database is damaged. Restore a backup. SQLite says: {}", damage.replace('\n', " ")),
        ),
        Ok(Err(error)) => {
            Finding::problem("integrity", format!("The database cannot be checked: {}.", causes(&error)))
        }
        Err(_) => Finding::warning(
            "integrity",
            format!(
                "The pages could not all be checked in {} seconds. keystead backup reads the whole database.",
                CHECKED_WITHIN.as_secs()
            ),
        ),
    }
}
