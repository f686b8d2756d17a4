//! Reads from the database what a mirror does not know.

use std::hash::Hash;

use tokio::sync::watch;

use super::flights::Flight;
use super::{Answer, SingleFlight};
use crate::error::{Error, Result};
use crate::mirror::{CloseOnDrop, Mirror, ReadEpoch, Subject};
use crate::state::Service;

/// Maximum age of a query that another request can join. An older query may have read data that is too old for an
/// answer from memory.
const JOINED_MILLIS_MAX: u64 = 250;
/// Maximum number of queries of one mirror at once. They go on if the client disconnects, so the number of connections
/// does not bound them.
const QUERIES_MAX: usize = 10_000;

/// Rows that are mirrored, and how one of them is read.
pub(crate) trait Mirrored: 'static {
    type Key: Clone + Eq + Hash + Send + Sync + 'static;
    type Found: Clone + Send + Sync + 'static;
    type Subject: Subject + Send + Sync;

    fn mirror(service: &Service) -> &Mirror<Self::Subject>;

    fn flights(service: &Service) -> &SingleFlight<Self::Key, Self::Found>;

    /// The name under which a change of the row is reported.
    fn subject(key: &Self::Key) -> Self::Subject;

    /// Reads the row from the database, and stores it in the mirror under the read epoch.
    fn read(
        service: &Service,
        epoch: &ReadEpoch,
        key: &Self::Key,
    ) -> impl Future<Output = Answer<Self::Found>> + Send;
}

impl Service {
    /// Reads a row from the database. The result includes every change that this process knew of at the time of the
    /// call.
    pub(crate) async fn ask<M: Mirrored>(&self, key: M::Key) -> Result<M::Found> {
        let mut answer = match self.join::<M>(&key) {
            Some(answer) => answer,
            None if M::flights(self).lock().len() < QUERIES_MAX => self.start_query::<M>(key),
            None => return Err(Error::Busy),
        };
        let answered = answer.wait_for(Option::is_some).await.map_err(|_| Error::ShuttingDown)?;
        match answered.as_ref() {
            Some(Ok(found)) => Ok(found.clone()),
            Some(Err(error)) => Err(error.clone().into()),
            None => Err(Error::ShuttingDown),
        }
    }

    /// Joins a query about the same row, if one is under way and nothing has changed since it began. A query from
    /// before a change could return the old data.
    fn join<M: Mirrored>(&self, key: &M::Key) -> Option<watch::Receiver<Option<Answer<M::Found>>>> {
        let flights = M::flights(self).lock();
        let flight = flights.get(key)?;
        let age = self.clock.monotonic_millis().saturating_sub(flight.asked_at_millis);
        let subject = M::subject(key);
        let is_fresh = age <= JOINED_MILLIS_MAX
            && !M::mirror(self).store(&flight.epoch, |changed| changed.may_cover(&subject));
        is_fresh.then(|| flight.answer.clone())
    }

    /// Starts the query in a task of its own, so that it goes on if the client disconnects.
    fn start_query<M: Mirrored>(&self, key: M::Key) -> watch::Receiver<Option<Answer<M::Found>>> {
        let epoch = M::mirror(self).begin_read();
        let (sender, answer) = watch::channel(None);
        let asked_at_millis = self.clock.monotonic_millis();
        let flight = Flight { epoch: epoch.clone(), asked_at_millis, answer: answer.clone() };
        M::flights(self).lock().insert(key.clone(), flight);
        let service = self.clone();
        tokio::spawn(async move {
            let end = EndOfQuery::<M> { service: &service, epoch: &epoch, key: &key };
            let answered = M::read(&service, &epoch, &key).await;
            drop(end);
            sender.send_replace(Some(answered));
        });
        answer
    }
}

/// Removes a query and closes its read epoch when it is dropped, even if the query panics.
struct EndOfQuery<'a, M: Mirrored> {
    service: &'a Service,
    epoch: &'a ReadEpoch,
    key: &'a M::Key,
}

impl<M: Mirrored> Drop for EndOfQuery<'_, M> {
    fn drop(&mut self) {
        let _close = CloseOnDrop(M::mirror(self.service), self.epoch);
        let mut flights = M::flights(self.service).lock();
        if flights.get(self.key).is_some_and(|flight| flight.epoch == *self.epoch) {
            flights.remove(self.key);
        }
    }
}
