//! Backups that a running server makes by itself.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::Timestamp;
use store::causes;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::error::{BackupError, Trouble};
use super::make::{NewBackup, PARTIAL, remove_left_over};
use super::passphrase::Passphrase;
use super::progress::Progress;
use crate::state::Service;

/// How often the server looks whether a backup is due. Also the wait after a failure.
const LOOK_EVERY: Duration = Duration::from_mins(1);
const START: &str = "keystead-";
const END: &str = ".backup";

/// When and where a server makes backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupSchedule {
    pub folder: PathBuf,
    pub every_seconds: u32,
    /// How many backups are kept.
    pub keep: u32,
    /// Encrypts the backups.
    pub passphrase: Option<Passphrase>,
}

impl BackupSchedule {
    /// When the newest backup in the folder was made by a server. `None` if there is none.
    pub fn newest(&self, now: Timestamp) -> io::Result<Option<Timestamp>> {
        Ok(scheduled(&self.folder)?.into_iter().map(|(at, _)| at).filter(|at| *at <= now).max())
    }
}

/// The running task that makes backups.
pub struct ScheduledBackups {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl ScheduledBackups {
    /// Stops the task. A backup that is being made is given up, and nothing of it is left.
    pub async fn stop(self) {
        // Sending fails only if the task has already ended; then there is nothing left to stop.
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(
                error = %causes(&error),
                "the task of backups panicked"
            );
        }
    }
}

impl Service {
    pub fn start_backups(&self, schedule: BackupSchedule) -> ScheduledBackups {
        self.counts.backups.set_every(schedule.every_seconds);
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(self.clone().back_up_regularly(schedule, stopped));
        ScheduledBackups { stop, task }
    }

    /// Makes backups until the server stops. A failure is logged when it first occurs, and tried again.
    async fn back_up_regularly(self, schedule: BackupSchedule, mut stopped: watch::Receiver<bool>) {
        let mut last_failure = None;
        while !*stopped.borrow() {
            let progress = Progress::default();
            let due = self.back_up_if_due(&schedule, progress.clone());
            tokio::pin!(due);
            let outcome = tokio::select! {
                outcome = &mut due => outcome,
                _ = stopped.changed() => {
                    progress.stop();
                    let _unfinished = due.await;
                    return;
                }
            };
            match &outcome {
                Ok(Some(_)) => self.counts.backups.count_made(),
                Ok(None) => {}
                Err(_) => self.counts.backups.count_failed(),
            }
            last_failure = report(outcome, last_failure);
            // An error means that the time is over and nobody has stopped the server.
            let _ = timeout(LOOK_EVERY, stopped.changed()).await;
        }
    }

    /// Makes a backup if the newest one is old enough, and then removes the oldest ones. Servers that share the folder
    /// take turns. Returns the new file.
    pub(crate) async fn back_up_if_due(
        &self,
        schedule: &BackupSchedule,
        progress: Progress,
    ) -> Result<Option<PathBuf>, BackupError> {
        let BackupSchedule { folder, every_seconds, keep, passphrase } = schedule;
        let unwritten = |error: io::Error| Trouble::Unwritten(error).at(folder);
        // Another server that holds the lock makes the backup that is due.
        let lock = fs::File::open(folder).map_err(unwritten)?;
        let is_ours = lock.try_lock().is_ok();
        let now = self.clock.now();
        let made = scheduled(folder).map_err(unwritten)?;
        // A file from the future was made when the clock was wrong.
        let last = made.iter().map(|(at, _)| *at).filter(|at| *at <= now).max();
        if let Some(last) = last {
            self.counts.backups.set_newest(last);
        }
        if !is_ours || last.is_some_and(|last| now.seconds_since(last) < i64::from(*every_seconds)) {
            return Ok(None);
        }
        remove_left_over(folder, is_partial);
        let file = folder.join(name(now));
        let new = NewBackup { replaces: false, passphrase: passphrase.clone() };
        self.back_up(&file, new, progress).await?;
        self.counts.backups.set_newest(now);
        let mut earlier = made;
        earlier.sort();
        // The new file, which is whole, is one of those that are kept.
        let removed = (earlier.len() + 1).saturating_sub(usize::try_from(*keep).unwrap_or(usize::MAX));
        for (_, old) in earlier.iter().take(removed) {
            if let Err(error) = fs::remove_file(old) {
                let error = Trouble::NotRemoved(error).at(old);
                tracing::error!(error = %causes(&error), "an old backup takes up space");
            }
        }
        Ok(Some(file))
    }
}

/// Logs an outcome. Returns the failure, so that the same one is not logged again.
fn report(outcome: Result<Option<PathBuf>, BackupError>, last_failure: Option<String>) -> Option<String> {
    match outcome {
        Ok(Some(file)) => {
            tracing::info!(backup.file = %file.display(), "made a backup");
            None
        }
        Ok(None) => last_failure,
        Err(error) => {
            let text = causes(&error).to_string();
            if last_failure.as_ref() != Some(&text) {
                tracing::error!(
                    error = %causes(&error),
                    "a backup failed and will be tried again every minute"
                );
            }
            Some(text)
        }
    }
}

/// The name of a backup, which sorts by time.
fn name(at: Timestamp) -> String {
    let at = Timestamp::from_seconds(at.seconds()).to_rfc3339();
    format!("{START}{}{END}", at.replace(':', "-"))
}

/// When a backup with this name was made. `None` for every name that [`name`] does not make.
fn moment(file: &str) -> Option<Timestamp> {
    let text = file.strip_prefix(START)?.strip_suffix(END)?;
    let (date, time) = text.split_once('T')?;
    let at = Timestamp::parse(&format!("{date}T{}", time.replace('-', ":"))).ok()?;
    (name(at) == file).then_some(at)
}

/// Whether a file is a scheduled backup that was not finished.
fn is_partial(file: &str) -> bool {
    file.strip_prefix('.')
        .and_then(|file| file.split_once(PARTIAL))
        .is_some_and(|(file, _)| moment(file).is_some())
}

/// The files in a folder that have the name of a scheduled backup.
fn scheduled(folder: &Path) -> io::Result<Vec<(Timestamp, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            found.extend(entry.file_name().to_str().and_then(moment).map(|at| (at, entry.path())));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_scheduled_backups_are_read() {
        let at = Timestamp::parse("2026-11-30T19:00:05.75Z").unwrap();
        assert_eq!(name(at), "keystead-2026-11-30T19-00-05Z.backup");
        assert_eq!(moment(&name(at)), Some(Timestamp::from_seconds(at.seconds())));
        for other in [
            "keystead-2026-11-30.backup",
            "keystead-2026-11-30T19-00-05Z.backup.old",
            "keystead-2026-11-30T19-00Z.backup",
            "keystead-2026-11-30T19-00-05+01-00.backup",
            "keystead-2026-13-30T19-00-05Z.backup",
            "Keystead-2026-11-30T19-00-05Z.backup",
            ".keystead-2026-11-30T19-00-05Z.backup.partial-1",
        ] {
            assert_eq!(moment(other), None, "{other}");
        }
        assert!(is_partial(".keystead-2026-11-30T19-00-05Z.backup.partial-1"));
        assert!(!is_partial(".my.backup.partial-1") && !is_partial(&name(at)));
    }
}
