//! What goes on beside the requests: writing last uses and counts, noting expiries, revoking the keys
//! of owners who have ended, clearing away what is over.

use std::collections::VecDeque;
use std::time::Duration;

use store::changes::End;
use store::keys::Noted;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::error::Result;
use crate::state::Service;
use crate::verify::TURN;

/// Between two writes of last uses and counts: lists show a use within 5 seconds, and a crash loses at most this.
const USES_EVERY: Duration = Duration::from_secs(1);
/// Rounds of the above between two looks for what has ended.
const ROUNDS_PER_SWEEP: u32 = 60;
/// Sweeps, of a minute each, for which it is kept what has changed.
const SWEEPS_KEPT: usize = 10;
/// Keys noted as expired, or as valid again, and uses written, in one transaction.
const BATCH: u32 = 1000;

/// The running background work.
pub struct Background {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    directory: JoinHandle<()>,
    ends: JoinHandle<()>,
}

impl Background {
    /// Ends the work after a last write.
    pub async fn stop(self) {
        // The receiver lives in the task; when that has ended there is nothing left to stop.
        let _ = self.stop.send(true);
        let (task, directory, ends) = tokio::join!(self.task, self.directory, self.ends);
        if let Err(error) = task.and(directory).and(ends) {
            tracing::error!(
                error = &error as &(dyn std::error::Error + 'static),
                "background work ended badly"
            );
        }
    }
}

/// What fails is tried again in the next round.
fn report(result: Result<()>) {
    if let Err(error) = result {
        tracing::warn!(error = &error as &(dyn std::error::Error + 'static), "background work failed");
    }
}

impl Service {
    /// Starts the background work.
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
                    report(service.write_all_pending(TURN).await);
                    break;
                }
            }
        });
        let directory = tokio::spawn(self.clone().keep_directory(stop.subscribe()));
        let ends = tokio::spawn(self.clone().keep_ending(stop.subscribe()));
        Background { stop, task, directory, ends }
    }

    /// One round.
    async fn background_round(&self, round: u32, marks: &mut VecDeque<End>) {
        let mut results = vec![
            self.write_uses().await,
            self.write_pending().await,
            self.write_usage().await,
            self.write_sightings().await,
            self.write_failed_sign_ins().await,
            self.note_due().await,
        ];
        if round.is_multiple_of(ROUNDS_PER_SWEEP) {
            self.limiter.sweep(self.clock.moment());
            results.extend([
                self.clear_sessions().await,
                self.sweep_usage().await,
                self.sweep_answers().await,
                self.forget_changes(marks).await,
            ]);
        }
        results.into_iter().for_each(report);
    }

    /// Writes the last uses noted so far.
    pub(crate) async fn write_uses(&self) -> Result<()> {
        let uses = self.uses.take();
        for (number, batch) in uses.chunks(BATCH as usize).enumerate() {
            let written = async {
                let mut tx = self.store.begin().await?;
                store::keys::record_uses(&mut tx, batch).await?;
                tx.commit().await
            };
            if let Err(error) = written.await {
                self.uses.put_back(uses.into_iter().skip(number * BATCH as usize).collect());
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Notes what the clock has done to keys, so that kept totals and lists say so. Nothing depends on it for safety: every
    /// request compares the expiry itself.
    pub(crate) async fn note_due(&self) -> Result<()> {
        loop {
            let Noted { expired, restored, marked } = self.note_some_due().await?;
            if expired.max(restored).max(marked) < u64::from(BATCH) {
                return Ok(());
            }
        }
    }

    /// The same for somebody who waits: all that has expired or is valid again, what is near its end or unused as far as it
    /// goes. After months without a server that may be a million keys, which the background goes on with.
    pub(crate) async fn note_expired(&self) -> Result<()> {
        loop {
            let Noted { expired, restored, marked: _ } = self.note_some_due().await?;
            if expired.max(restored) < u64::from(BATCH) {
                return Ok(());
            }
        }
    }

    async fn note_some_due(&self) -> Result<Noted> {
        let now = self.clock.now();
        if !store::keys::any_due(&mut self.store.read().await?, now).await? {
            return Ok(Noted { expired: 0, restored: 0, marked: 0 });
        }
        let mut tx = self.store.begin().await?;
        let noted = store::keys::note_due(&mut tx, now, BATCH).await?;
        tx.commit().await?;
        Ok(noted)
    }

    /// Forgets changes that every process has read long ago: those before where the changes ended so many sweeps ago.
    async fn forget_changes(&self, marks: &mut VecDeque<End>) -> Result<()> {
        marks.push_back(store::changes::end(&mut self.store.read().await?).await?);
        if marks.len() <= SWEEPS_KEPT {
            return Ok(());
        }
        let Some(mark) = marks.pop_front() else { return Ok(()) };
        let mut tx = self.store.begin().await?;
        store::changes::forget(&mut tx, mark).await?;
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
