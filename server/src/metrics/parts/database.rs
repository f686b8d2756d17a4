//! The database.

use std::fmt;

use service::{ErrorKind, PoolState};

use super::super::Source;
use super::super::page::{Page, float};

pub(in crate::metrics) fn write(source: &Source, pool: PoolState, page: &mut Page<'_>) -> fmt::Result {
    let counts = source.service.database_counts();
    let in_use = pool.open.saturating_sub(pool.idle);
    page.gauges(
        "keystead_database_connections",
        "Open connections to the database, by state. On SQLite only those for reading",
        [([("state", "idle")], pool.idle.into()), ([("state", "in_use")], in_use.into())],
    )?;
    page.gauge("keystead_database_connections_max", "Maximum number of these connections", pool.max.into())?;
    page.gauge(
        "keystead_database_waiting",
        "Requests and background tasks that wait for a connection or for their turn to write",
        float(counts.waiting()),
    )?;
    let waits = [
        ([("kind", "read")], counts.read_waits.recorded()),
        ([("kind", "write")], counts.write_waits.recorded()),
    ];
    page.durations(
        "keystead_database_wait_seconds",
        "Time that requests and background tasks waited for a connection for reading, or until their transaction for writing \
         had begun",
        waits,
    )?;
    page.counters(
        "keystead_database_errors",
        "Errors of the database, by kind. A conflict is repeated, so it is normal in small numbers",
        ErrorKind::ALL.map(|kind| ([("kind", kind.as_str())], counts.errors(kind))),
    )?;
    page.gauge(
        "keystead_disk_full",
        "1 while changes fail because the disk of the database is full",
        f64::from(u8::from(counts.is_disk_full())),
    )?;
    page.numbers(
        "keystead_commit_group_size",
        "Number of transactions that shared each commit. Only on SQLite",
        counts.group_sizes.recorded(),
    )
}
