//! Hearing of what other processes change, and for how long memory may be believed.
//!
//! The database is asked several times a second. What it says was true when it was asked; so memory is believed until a
//! second after that and not longer: a process that was stopped, or that has lost its database, asks anew. So does one whose
//! machine slept, since the clock goes on meanwhile.
//!
//! Whoever was away for so long that changes may have been missed takes everything for changed. The clock tells that of a
//! process that was stopped and of a machine that slept. It tells nothing when the machine is virtual and was paused, or when
//! the database went back: that is seen by the changes themselves (`store::changes::since`).

use std::time::Duration;

use store::changes::{self, Position, Subject};
use tokio::sync::watch;

use crate::error::Result;
use crate::state::Service;

/// Between two looks at what has changed.
const LOOK_EVERY: Duration = Duration::from_millis(75);
/// For how long memory is believed after a look.
const BELIEVED_MILLIS: u64 = 900;
/// Changes are kept for ten minutes; whoever has not looked for half of that has perhaps missed some.
const MISSED_MILLIS: u64 = 300_000;
/// Between two attempts to have every secret in memory.
const LOAD_EVERY_MILLIS: u64 = 5_000;

impl Service {
    /// Keeps the directory true until it is told to stop.
    pub(crate) async fn keep_directory(self, mut stopped: watch::Receiver<bool>) {
        let mut feed = Feed::default();
        loop {
            if let Err(error) = self.look(&mut feed).await {
                tracing::warn!(
                    error = &error as &(dyn std::error::Error + 'static),
                    "what has changed could not be read; keys are read from the database until it can"
                );
            }
            if tokio::time::timeout(LOOK_EVERY, stopped.changed()).await.is_ok() {
                break;
            }
        }
    }

    async fn look(&self, feed: &mut Feed) -> Result<()> {
        self.hear(feed).await?;
        let now = feed.looked_at;
        let is_due = feed.loaded_at.is_none_or(|at| now.saturating_sub(at) >= LOAD_EVERY_MILLIS);
        if !self.directory.is_complete() && is_due && feed.load.is_none() && !feed.is_too_large {
            feed.loaded_at = Some(now);
            let service = self.clone();
            // Beside this loop, which must go on.
            feed.load = Some(tokio::spawn(async move { service.load_directory().await }));
        }
        self.list_gateway_ids().await?;
        self.end_of_load(feed).await
    }

    /// Forgets what has changed since the last time, and lets the rest be believed.
    pub(crate) async fn hear(&self, feed: &mut Feed) -> Result<()> {
        let started = self.clock.monotonic_millis();
        if started < feed.looked_at {
            // A clock that went back, as no clock should, would let memory be believed for so much longer.
            self.directory.believe_until(0);
            feed.looked_at = 0;
        }
        let subjects = if let Some(subjects) = self.heard(feed, started).await? {
            subjects
        } else {
            if feed.position.take().is_some() {
                tracing::warn!("changes may have been missed; everything in memory is read anew");
            }
            // In this order: what changes in between is read with the next look.
            feed.position = Some(changes::position(&self.store).await?);
            vec![Subject::Everything]
        };
        self.directory.forget(&subjects);
        self.gateways.forget(&subjects);
        feed.looked_at = started;
        self.directory.believe_until(started + BELIEVED_MILLIS);
        Ok(())
    }

    /// What has changed since the last time; nothing when that cannot be known.
    async fn heard(&self, feed: &mut Feed, now: u64) -> Result<Option<Vec<Subject>>> {
        match &mut feed.position {
            Some(position) if now.saturating_sub(feed.looked_at) < MISSED_MILLIS => {
                Ok(changes::since(&mut self.store.read().await?, position).await?)
            }
            _ => Ok(None),
        }
    }

    async fn end_of_load(&self, feed: &mut Feed) -> Result<()> {
        let Some(load) = feed.load.take_if(|load| load.is_finished()) else { return Ok(()) };
        match load.await {
            Ok(Ok(())) => {
                feed.is_too_large = self.directory.drops() > 0;
                tracing::info!(secrets = self.directory.len(), "secrets are in memory");
                Ok(())
            }
            Ok(Err(error)) => Err(error),
            // It ended with the runtime, or badly; the next attempt is due soon.
            Err(_) => Ok(()),
        }
    }
}

/// How far the feed was read.
#[derive(Default)]
pub(crate) struct Feed {
    position: Option<Position>,
    looked_at: u64,
    loaded_at: Option<u64>,
    load: Option<tokio::task::JoinHandle<Result<()>>>,
    /// There is no room for every secret, and no use in trying again.
    is_too_large: bool,
}
