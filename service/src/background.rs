//! The background tasks: they write last uses and counts, store what the clock has changed, revoke the keys of owners
//! who have ended, normalize names, renew outdated search terms, and delete old records.

use std::collections::VecDeque;
use std::time::Duration;

use store::causes;
use store::invalidations::End;
use store::keys::SweepReport;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::error::Result;
use crate::log_throttle::LogThrottle;
use crate::state::Service;
use crate::verify::TURN;

/// Time between two writes of last uses and counts. Lists promise to show a use within 5 seconds. A crash loses what
/// was not written yet, which is normally one second's worth.
const USES_EVERY: Duration = Duration::from_secs(1);
/// Rounds of [`USES_EVERY`] between two deletions of old records.
const ROUNDS_PER_SWEEP: u32 = 60;
/// Number of deletion rounds, one a minute, for which invalidations are kept.
const SWEEPS_KEPT: usize = 10;
/// Maximum number of uses that are written in one transaction.
const BATCH: usize = 1000;
/// Maximum number of keys that a sweep changes in one transaction. Small, because a key has up to 153 search terms: 100
/// of its name, which have up to 20 KiB in total, 3 of its id and shown prefix, and 50 of its metadata. On SQLite,
/// other writers wait for the transaction, and 1,000 keys with the longest name took nearly 4 seconds.
const SWEEP_BATCH: u32 = 50;

/// The running background tasks.
pub struct Background {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    mirrors: JoinHandle<()>,
    ends: JoinHandle<()>,
    names: JoinHandle<()>,
    search_terms: JoinHandle<()>,
}

impl Background {
    /// Stops the tasks after a last write.
    pub async fn stop(self) {
        // Sending fails only if the task has already ended; then there is nothing left to stop.
        let _ = self.stop.send(true);
        let (task, mirrors, ends, names, search_terms) =
            tokio::join!(self.task, self.mirrors, self.ends, self.names, self.search_terms);
        if task.and(mirrors).and(ends).and(names).and(search_terms).is_err() {
            // The error repeats the message of the panic, which may contain a secret. The panic itself is logged with
            // its place.
            tracing::error!("a background task panicked");
        }
    }
}

/// Logs a failure. The next round tries again.
fn report(result: Result<()>) {
    if let Err(error) = result {
        tracing::warn!(
            error = %causes(&error),
            "a background task failed and will be tried again"
        );
    }
}

impl Service {
    pub fn start_background(&self) -> Background {
        let (stop, mut stopped) = watch::channel(false);
        let service = self.clone();
        let task = tokio::spawn(async move {
            let mut round = 0_u32;
            let mut marks = VecDeque::new();
            loop {
                let ends = tokio::time::timeout(USES_EVERY, stopped.changed()).await.is_ok();
                service.background_round(round, &mut marks).await;
                round = round.wrapping_add(1);
                if ends {
                    report(service.write_failed_sign_ins(true).await);
                    report(service.write_all_pending(TURN).await);
                    break;
                }
            }
        });
        let mirrors = tokio::spawn(self.clone().run_node(stop.subscribe()));
        let ends = tokio::spawn(self.clone().revoke_keys_of_ended_owners(stop.subscribe()));
        let names = tokio::spawn(self.clone().normalize_names_until(stop.subscribe()));
        let search_terms = tokio::spawn(self.clone().renew_search_terms(stop.subscribe()));
        Background { stop, task, mirrors, ends, names, search_terms }
    }

    /// Keeps the mirrors up to date and tells the other servers so, until it is told to stop.
    async fn run_node(self, stopped: watch::Receiver<bool>) {
        let (following, reporting) = (self.clone(), self.clone());
        tokio::join!(following.follow_invalidations(stopped.clone()), reporting.report_node(stopped));
        report(self.remove_node().await);
    }

    async fn background_round(&self, round: u32, marks: &mut VecDeque<End>) {
        // While the disk is full, one small attempt a second is enough. What waits to be written stays in memory.
        match self.has_room().await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return report(Err(error)),
        }
        let mut results = vec![
            self.write_uses().await,
            self.write_pending().await,
            self.write_usage().await,
            self.write_gateway_activity().await,
            self.write_failed_sign_ins(false).await,
            self.sweep_due().await,
        ];
        if round.is_multiple_of(ROUNDS_PER_SWEEP) {
            self.limiter.sweep(self.clock.moment());
            results.extend([
                self.clear_sessions().await,
                self.sweep_usage().await,
                self.sweep_idempotency_records().await,
                self.delete_old_invalidations(marks).await,
                self.sweep_nodes().await,
            ]);
        }
        results.into_iter().for_each(report);
    }

    /// Returns whether the database can write. Says at most once a minute that its disk is full, and once that there is
    /// room again.
    async fn has_room(&self) -> Result<bool> {
        static THROTTLE: LogThrottle = LogThrottle::once_a_minute();
        if !self.is_disk_full() {
            return Ok(true);
        }
        let has_room = store::disk_space::has_room(&self.store).await?;
        if has_room {
            tracing::info!("the disk of the database has room again");
        } else if THROTTLE.may_log() {
            tracing::error!("the disk of the database is full; make room, and the server goes on by itself");
        }
        Ok(has_room)
    }

    /// Writes the last uses of keys that called the API.
    pub(crate) async fn write_uses(&self) -> Result<()> {
        self.write_up_to(&*self.uses, BATCH, self.uses.len()).await
    }

    /// Stores what the clock has changed in keys, so that totals and lists are right. Safety does not depend on it:
    /// every request compares the expiry itself.
    pub(crate) async fn sweep_due(&self) -> Result<()> {
        loop {
            let SweepReport { expired, restored, marked } = self.sweep_batch().await?;
            if expired.max(restored).max(marked) < u64::from(SWEEP_BATCH) {
                return Ok(());
            }
        }
    }

    /// Like [`Service::sweep_due`], for a caller that waits. It returns as soon as all expired and restored keys are
    /// stored and does not wait for all expiry flags: after months of downtime that may be a million keys, which the
    /// background task finishes.
    pub(crate) async fn record_expired(&self) -> Result<()> {
        loop {
            let SweepReport { expired, restored, marked: _ } = self.sweep_batch().await?;
            if expired.max(restored) < u64::from(SWEEP_BATCH) {
                return Ok(());
            }
        }
    }

    async fn sweep_batch(&self) -> Result<SweepReport> {
        let now = self.clock.now();
        if !store::keys::any_due(&mut self.store.read().await?, now).await? {
            return Ok(SweepReport { expired: 0, restored: 0, marked: 0 });
        }
        let mut tx = self.store.begin().await?;
        let recorded = store::keys::sweep_due(&mut tx, now, SWEEP_BATCH).await?;
        tx.commit().await?;
        Ok(recorded)
    }

    /// Deletes the invalidations that were written more than [`SWEEPS_KEPT`] deletion rounds ago. A process that has
    /// not read them by then reads everything anew.
    async fn delete_old_invalidations(&self, marks: &mut VecDeque<End>) -> Result<()> {
        marks.push_back(store::invalidations::end(&mut self.store.read().await?).await?);
        if marks.len() <= SWEEPS_KEPT {
            return Ok(());
        }
        let Some(mark) = marks.pop_front() else { return Ok(()) };
        let mut tx = self.store.begin().await?;
        store::invalidations::forget(&mut tx, mark).await?;
        Ok(tx.commit().await?)
    }

    async fn clear_sessions(&self) -> Result<()> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let idle_before = now.plus_seconds(-self.settings.session_idle_seconds);
        store::sessions::delete_ended(&mut tx, idle_before, now).await?;
        Ok(tx.commit().await?)
    }
}
