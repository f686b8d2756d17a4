//! What waits to be written.

use std::fmt;

use service::QueueReading;

use super::super::page::{Page, float, seconds};

pub(in crate::metrics) fn write(queues: &[QueueReading], page: &mut Page<'_>) -> fmt::Result {
    let labels = |reading: &QueueReading| [("queue", reading.queue)];
    let items = queues.iter().map(|reading| (labels(reading), float(reading.items as u64)));
    page.gauges("keystead_write_behind_items", "Items in memory that wait to be written, by queue", items)?;
    let ages = queues.iter().filter_map(|reading| Some((labels(reading), seconds(reading.age_millis?))));
    page.gauges(
        "keystead_write_behind_age_seconds",
        "The age that no waiting item exceeds: the time since everything in the queue was last written, or 0 if it is \
         empty. Failed sign-ins have none, because they wait for up to a minute",
        ages,
    )?;
    page.counters(
        "keystead_write_behind_dropped",
        "Items that were lost, because there was no room for them or the database refused them for good",
        queues.iter().map(|reading| (labels(reading), reading.dropped)),
    )
}
