//! The key cache.

use std::fmt;

use service::KeyCacheReading;

use super::super::page::{Page, float, seconds};

pub(in crate::metrics) fn write(cache: &KeyCacheReading, page: &mut Page<'_>) -> fmt::Result {
    let is = |so: bool| f64::from(u8::from(so));
    page.gauge("keystead_key_cache_secrets", "Secrets in the key cache", float(cache.secrets as u64))?;
    page.gauge(
        "keystead_key_cache_secrets_max",
        "Maximum number of secrets in the key cache. Scopes and metadata take further places",
        float(cache.secrets_max as u64),
    )?;
    page.gauge(
        "keystead_key_cache_complete",
        "1 if the key cache lists every secret of the database, so that unknown secrets cost no query",
        is(cache.is_complete),
    )?;
    page.gauge(
        "keystead_key_cache_current",
        "1 if verifications are answered from memory, 0 if each asks the database because changes may have been missed",
        is(cache.is_current),
    )?;
    page.gauge(
        "keystead_key_cache_age_seconds",
        "Time since the key cache was last known to be up to date",
        seconds(cache.age_millis),
    )?;
    page.counter(
        "keystead_key_cache_dropped",
        "Secrets that were dropped from the key cache for lack of room",
        cache.dropped,
    )
}
