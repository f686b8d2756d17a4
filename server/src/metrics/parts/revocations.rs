//! How soon a change is in effect.

use std::fmt;

use super::super::Source;
use super::super::page::Page;

pub(in crate::metrics) fn write(source: &Source, page: &mut Page<'_>) -> fmt::Result {
    let commits = source.service.database_counts().applied.recorded();
    let feed = source.service.counts().feed_lags.recorded();
    page.durations(
        "keystead_revocation_lag_seconds",
        "How long a change, such as a revocation, took until no verdict of this server used the state before it. The database \
         keeps no time of a change, so each source measures an upper bound. commit: changes of this server, from the \
         beginning of their commit, before which nothing is acknowledged. feed: changes that were read from the database, \
         including those of this server once more, from the previous reading, after which they were committed",
        [([("source", "commit")], commits), ([("source", "feed")], feed)],
    )
}
