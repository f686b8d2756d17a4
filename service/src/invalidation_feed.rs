//! Reads the changes of other processes, and decides for how long the mirrors are valid.
//!
//! The changes are read several times a second, and the mirrors are valid for 0.9 seconds after the start of each
//! reading. A process that was stopped, whose machine slept, or that cannot reach its database therefore stops using
//! them.
//!
//! If changes may have been missed, all cached data is invalidated. For a stopped process or a sleeping machine,
//! the clock shows that. For a paused virtual machine or a database that was restored, only the table of changes itself
//! can show it (`store::invalidations::since`).

use std::time::Duration;

use store::causes;
use store::invalidations::{self, Invalidation, Position};
use tokio::sync::watch;

use crate::error::Result;
use crate::log_throttle::LogThrottle;
use crate::nodes::FeedReading;
use crate::state::Service;

/// Time between two readings of the changes.
const POLL_INTERVAL: Duration = Duration::from_millis(75);
/// For how long the mirrors are valid after the start of a reading.
pub(crate) const VALID_MILLIS: u64 = 900;
/// Changes are kept for ten minutes. A process that has not read them for half of that may have missed some.
const MISSED_MILLIS: u64 = 300_000;
/// Time between two searches for a new primary of the database.
const LOOK_INTERVAL_MILLIS: u64 = 500;
/// Time between two attempts to load all secrets into the key cache.
const LOAD_INTERVAL_MILLIS: u64 = 5_000;

impl Service {
    /// Keeps the key cache and the gateway cache up to date until it is told to stop.
    pub(crate) async fn follow_invalidations(self, mut stopped: watch::Receiver<bool>) {
        let (mut feed, throttle) = (Feed::default(), LogThrottle::once_a_minute());
        loop {
            if let Err(error) = self.poll(&mut feed).await
                && let Some(left_out) = throttle.should_log()
            {
                tracing::warn!(
                    error = %causes(&error),
                    left_out,
                    "invalidations could not be read; until they can, keys are verified by the database"
                );
            }
            if tokio::time::timeout(POLL_INTERVAL, stopped.changed()).await.is_ok() {
                break;
            }
        }
    }

    async fn poll(&self, feed: &mut Feed) -> Result<()> {
        self.look_for_new_primary(feed);
        self.apply_invalidations(feed).await?;
        let now = feed.polled_at;
        let is_due = feed.loaded_at.is_none_or(|at| now.saturating_sub(at) >= LOAD_INTERVAL_MILLIS);
        if !self.mirrors.key_cache.is_complete() && is_due && feed.load.is_none() && !feed.is_too_large {
            feed.loaded_at = Some(now);
            let service = self.clone();
            // The load runs in a task of its own, because this loop must go on.
            feed.load = Some(tokio::spawn(async move { service.load_key_cache().await }));
        }
        self.list_gateway_ids().await?;
        self.end_of_load(feed).await
    }

    /// Looks for a new primary in a task of its own. If another primary is found, the next reading comes from it. If
    /// none is found, for example because the database accepts no more connections, the open connections stay in use.
    fn look_for_new_primary(&self, feed: &mut Feed) {
        let now = self.clock.monotonic_millis();
        let is_due = feed.looked_at.is_none_or(|at| now.saturating_sub(at) >= LOOK_INTERVAL_MILLIS);
        if is_due && feed.look.as_ref().is_none_or(tokio::task::JoinHandle::is_finished) {
            feed.looked_at = Some(now);
            let store = self.store.clone();
            feed.look = Some(tokio::spawn(async move {
                if let Err(error) = store.look_for_new_primary().await {
                    tracing::debug!(error = %causes(&error), "no primary of the database was found");
                }
            }));
        }
    }

    /// Invalidates what has changed since the last reading, and marks the mirrors as valid.
    pub(crate) async fn apply_invalidations(&self, feed: &mut Feed) -> Result<()> {
        let started = self.clock.monotonic_millis();
        if started < feed.polled_at {
            // If the clock went back, which should never happen, the mirrors would be valid for too long.
            self.mirrors.set_valid_until(0);
            feed.polled_at = 0;
        }
        let read = self.read_feed(feed, started).await?;
        let is_continued = read.is_some();
        let invalidations = if let Some(invalidations) = read {
            invalidations
        } else {
            if feed.position.take().is_some() {
                tracing::warn!("invalidations may have been missed; the key cache is read again");
            }
            self.register_node().await;
            // The position is read first. Changes after that are read with the next call.
            feed.position = Some(invalidations::position(&self.store).await?);
            vec![Invalidation::Everything]
        };
        self.mirrors.apply(&invalidations);
        if is_continued && !invalidations.is_empty() {
            let lag = self.clock.monotonic_millis().saturating_sub(feed.polled_at);
            self.counts.feed_lags.record_duration(Duration::from_millis(lag));
        }
        feed.polled_at = started;
        self.mirrors.set_valid_until(started + VALID_MILLIS);
        if let Some(position) = &feed.position {
            self.node.set_latest(FeedReading { applied: position.applied().clone(), began_at: started });
        }
        if !invalidations.is_empty() {
            self.node.has_applied.notify_one();
        }
        Ok(())
    }

    /// Reads what has changed since the last reading. Returns `None` if that cannot be known.
    async fn read_feed(&self, feed: &mut Feed, now: u64) -> Result<Option<Vec<Invalidation>>> {
        match &mut feed.position {
            Some(position) if now.saturating_sub(feed.polled_at) < MISSED_MILLIS => {
                Ok(invalidations::since(&mut self.store.read().await?, position).await?)
            }
            _ => Ok(None),
        }
    }

    async fn end_of_load(&self, feed: &mut Feed) -> Result<()> {
        let Some(load) = feed.load.take_if(|load| load.is_finished()) else { return Ok(()) };
        match load.await {
            Ok(Ok(())) => {
                feed.is_too_large = self.mirrors.key_cache.drop_count() > 0;
                tracing::info!(secrets = self.mirrors.key_cache.secret_count(), "loaded the key cache");
                Ok(())
            }
            Ok(Err(error)) => Err(error),
            // The task was cancelled or panicked. The next attempt is due soon.
            Err(_) => Ok(()),
        }
    }
}

/// How far the changes were read.
#[derive(Default)]
pub(crate) struct Feed {
    position: Option<Position>,
    polled_at: u64,
    loaded_at: Option<u64>,
    looked_at: Option<u64>,
    look: Option<tokio::task::JoinHandle<()>>,
    load: Option<tokio::task::JoinHandle<Result<()>>>,
    /// Not all secrets fit into the cache, so loading them again is useless.
    is_too_large: bool,
}
