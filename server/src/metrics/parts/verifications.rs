//! Verifications.

use std::fmt;

use super::super::Source;
use super::super::page::Page;

pub(in crate::metrics) fn write(source: &Source, page: &mut Page<'_>) -> fmt::Result {
    let counts = source.service.counts();
    let outcomes = counts.verifications.all().into_iter();
    page.counters(
        "keystead_verifications",
        "Questions whether a key may do something, by the interface over which they came and by the verify code of the \
         answer. Questions of proxies also have the outcomes OPEN, NO_KEY, CLOSED, UNREADABLE and UNKNOWN_GATEWAY, for \
         which no key was looked up. FAILED are requests that could not be answered because of the database",
        outcomes.map(|(surface, outcome, n)| ([("surface", surface), ("outcome", outcome)], n)),
    )?;
    page.counter(
        "keystead_key_cache_misses",
        "Verifications for which the key cache had no answer, so that the database was asked",
        counts.cache_misses(),
    )
}
