//! Whether the server makes backups, and how old the newest one is.

use service::{BackupSchedule, Clock};

use super::Finding;

const CHECK: &str = "backups";
/// How much later than planned a backup may be, as in the alert.
const GRACE_SECONDS: i64 = 3600;

pub(super) fn check(schedule: Option<&BackupSchedule>) -> Finding {
    let Some(schedule) = schedule else {
        let message = "The server makes no backups, because --backup-dir (KEYSTEAD_BACKUP_DIR) is not set. Set it, or run \
                       keystead backup regularly.";
        return Finding::warning(CHECK, message);
    };
    let (shown, now) = (schedule.folder.display(), Clock::system().now());
    match schedule.newest(now) {
        Err(error) => Finding::problem(CHECK, format!("The backups in {shown} cannot be listed ({error}).")),
        Ok(None) => {
            let message =
                format!("{shown} contains no backup of a server yet. A running server makes one at once.");
            Finding::warning(CHECK, message)
        }
        Ok(Some(newest)) => {
            let age = now.seconds_since(newest);
            let found = format!("The newest backup in {shown} is {} old.", hours(age));
            if age > 2 * i64::from(schedule.every_seconds) + GRACE_SECONDS {
                let why = "It is overdue. If the server runs, its log says why";
                Finding::problem(CHECK, format!("{found} {why}."))
            } else {
                Finding::ok(CHECK, found)
            }
        }
    }
}

fn hours(seconds: i64) -> String {
    match seconds {
        ..3600 => format!("{} minutes", seconds / 60),
        3600..172_800 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}
