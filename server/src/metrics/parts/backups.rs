//! The backups that the server makes by itself.

use std::fmt;

use super::super::Source;
use super::super::page::{Page, float};

pub(in crate::metrics) fn write(source: &Source, page: &mut Page<'_>) -> fmt::Result {
    let backups = &source.service.counts().backups;
    page.gauge(
        "keystead_backup_interval_seconds",
        "The setting backup_every. 0 if the server makes no backups",
        f64::from(backups.every_seconds()),
    )?;
    page.gauge(
        "keystead_backup_newest_time_seconds",
        "When the newest backup in the folder was begun, in Unix seconds. 0 if there is none",
        float(u64::try_from(backups.newest()).unwrap_or_default()),
    )?;
    page.counters(
        "keystead_backups",
        "Backups that this server began by itself, by result",
        [([("result", "made")], backups.made()), ([("result", "failed")], backups.failed())],
    )
}
