//! Hearing of what other processes change, and for how long memory may be believed.
//!
//! The database is asked several times a second. What it says was true when it was asked; so memory is believed until a
//! second after that and not longer: a process that was stopped, or that has lost its database, asks anew.

use std::time::Duration;

use store::changes::{Position, Subject};
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
        let started = self.clock.monotonic_millis();
        let mut db = self.store.read().await?;
        let subjects = match &mut feed.position {
            Some(position) if started.saturating_sub(feed.looked_at) < MISSED_MILLIS => {
                store::changes::since(&mut db, position).await?
            }
            position => {
                // In this order: what changes in between is read with the next look.
                *position = Some(store::changes::position(&mut db).await?);
                vec![Subject::Everything]
            }
        };
        drop(db);
        self.directory.forget(&subjects);
        self.gateways.forget(&subjects);
        feed.looked_at = started;
        self.directory.believe_until(started + BELIEVED_MILLIS);
        let is_due = feed.loaded_at.is_none_or(|at| started.saturating_sub(at) >= LOAD_EVERY_MILLIS);
        if !self.directory.is_complete() && is_due && feed.load.is_none() && !feed.is_too_large {
            feed.loaded_at = Some(started);
            let service = self.clone();
            // Beside this loop, which must go on.
            feed.load = Some(tokio::spawn(async move { service.load_directory().await }));
        }
        self.list_gateway_ids().await?;
        self.end_of_load(feed).await
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
struct Feed {
    position: Option<Position>,
    looked_at: u64,
    loaded_at: Option<u64>,
    load: Option<tokio::task::JoinHandle<Result<()>>>,
    /// There is no room for every secret, and no use in trying again.
    is_too_large: bool,
}
