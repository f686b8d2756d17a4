//! A fair queue for work of which only a few pieces may run at a time.
//!
//! Waiting clients are grouped by subnet, and the subnets take turns. However many clients of one subnet wait, a client
//! from another subnet waits for at most one of them. The queue is short, so that no client waits for long and is then
//! refused.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::subnet::Subnet;

/// Maximum number of waiting clients, in all and of one subnet. If each piece of work takes a tenth of a second and two
/// run at a time, the last client waits for about 6 seconds.
const WAITING_MAX: usize = 128;
const OF_ONE_SUBNET_MAX: usize = 16;

/// Hands out permits. Cheap to clone.
#[derive(Clone)]
pub(crate) struct FairQueue(Arc<Mutex<Queue>>);

/// The right to do one piece of work. It belongs to the work, not to the client that asked for it. When it is dropped,
/// the next piece of work begins.
pub(crate) struct Permit(FairQueue);

/// The queue is full.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

struct Queue {
    free: usize,
    /// One lane for each subnet with waiting clients. The first lane gets the next permit.
    lanes: VecDeque<Lane>,
}

struct Lane {
    subnet: Subnet,
    waiting: VecDeque<oneshot::Sender<Permit>>,
}

impl FairQueue {
    /// Creates a queue that hands out `at_once` permits at a time.
    pub(crate) fn new(at_once: usize) -> Self {
        Self(Arc::new(Mutex::new(Queue { free: at_once, lanes: VecDeque::new() })))
    }

    /// Waits for a permit. Dropping the future leaves the queue.
    pub(crate) async fn acquire(&self, subnet: Subnet) -> Result<Permit, Full> {
        let turn = {
            let mut queue = self.lock();
            if queue.free > 0 {
                queue.free -= 1;
                return Ok(Permit(self.clone()));
            }
            queue.join(subnet)?
        };
        // The sender is dropped when this place in the queue was given to another subnet.
        turn.await.map_err(|_| Full)
    }

    #[cfg(test)]
    pub(crate) fn free(&self) -> usize {
        self.lock().free
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let next = self.0.lock().next();
        if let Some(next) = next {
            // If the receiver is gone, the permit comes back in the error, is dropped here, and goes to the next
            // client.
            let _ = next.send(Self(self.0.clone()));
        }
    }
}

impl Queue {
    /// Adds a place at the end of the subnet's lane.
    fn join(&mut self, subnet: Subnet) -> Result<oneshot::Receiver<Permit>, Full> {
        self.forget_those_who_left();
        let own = self.lanes.iter().find(|lane| lane.subnet == subnet).map_or(0, |lane| lane.waiting.len());
        if own >= OF_ONE_SUBNET_MAX || (self.waiting() >= WAITING_MAX && !self.make_room(own)) {
            return Err(Full);
        }
        let (sender, receiver) = oneshot::channel();
        match self.lanes.iter_mut().find(|lane| lane.subnet == subnet) {
            Some(lane) => lane.waiting.push_back(sender),
            None => self.lanes.push_back(Lane { subnet, waiting: VecDeque::from([sender]) }),
        }
        Ok(receiver)
    }

    fn waiting(&self) -> usize {
        self.lanes.iter().map(|lane| lane.waiting.len()).sum()
    }

    fn forget_those_who_left(&mut self) {
        for lane in &mut self.lanes {
            lane.waiting.retain(|sender| !sender.is_closed());
        }
        self.lanes.retain(|lane| !lane.waiting.is_empty());
    }

    /// Removes the last client of the longest lane, if that lane is longer than the new client's lane would be.
    fn make_room(&mut self, own: usize) -> bool {
        match self.lanes.iter_mut().max_by_key(|lane| lane.waiting.len()) {
            Some(lane) if lane.waiting.len() > own + 1 => lane.waiting.pop_back().is_some(),
            _ => false,
        }
    }

    /// Picks the client for a permit that has become free. If no client waits, the permit stays free.
    fn next(&mut self) -> Option<oneshot::Sender<Permit>> {
        while let Some(mut lane) = self.lanes.pop_front() {
            let next = lane.waiting.pop_front();
            if !lane.waiting.is_empty() {
                self.lanes.push_back(lane);
            }
            if let Some(next) = next.filter(|next| !next.is_closed()) {
                return Some(next);
            }
        }
        self.free += 1;
        None
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    type Waiting = Pin<Box<dyn Future<Output = Result<Permit, Full>>>>;

    fn poll(waiting: &mut Waiting) -> Poll<Result<Permit, Full>> {
        waiting.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    /// Asks for a permit. Returns `Err(None)` if the queue is full and `Err(Some(_))` if the client has to wait. A
    /// waiting client makes no progress until it is polled again.
    fn ask(turns: &FairQueue, last: u8) -> Result<Permit, Option<Waiting>> {
        let turns = turns.clone();
        let subnet = Subnet::of([192, 0, 2, last].into());
        let mut waiting: Waiting = Box::pin(async move { turns.acquire(subnet).await });
        match poll(&mut waiting) {
            Poll::Ready(turn) => turn.map_err(|Full| None),
            Poll::Pending => Err(Some(waiting)),
        }
    }

    fn wait(turns: &FairQueue, last: u8) -> Waiting {
        ask(turns, last).err().flatten().unwrap()
    }

    fn has_turn(waiting: &mut Waiting) -> Option<Permit> {
        match poll(waiting) {
            Poll::Ready(turn) => Some(turn.ok().unwrap()),
            Poll::Pending => None,
        }
    }

    #[test]
    fn subnets_take_turns() {
        let turns = FairQueue::new(1);
        let first = ask(&turns, 1).ok().unwrap();
        let mut crowd: Vec<_> = (0..3).map(|_| wait(&turns, 1)).collect();
        let mut good = wait(&turns, 2);
        drop(first);
        let second = has_turn(&mut crowd[0]).unwrap();
        assert!(has_turn(&mut good).is_none());
        drop(second);
        let third = has_turn(&mut good).expect("before the rest of the crowd");
        drop(third);
        let fourth = has_turn(&mut crowd[1]).unwrap();
        drop(fourth);
        drop(has_turn(&mut crowd[2]).unwrap());
        assert_eq!(turns.free(), 1);
    }

    #[test]
    fn a_subnet_has_a_limited_number_of_places_and_gets_them_back() {
        let turns = FairQueue::new(1);
        let first = ask(&turns, 1).ok().unwrap();
        let crowd: Vec<_> = (0..OF_ONE_SUBNET_MAX).map(|_| wait(&turns, 1)).collect();
        assert!(matches!(ask(&turns, 1), Err(None)));
        drop(crowd);
        let mut last = wait(&turns, 1);
        drop(first);
        assert!(has_turn(&mut last).is_some());
        assert_eq!(turns.free(), 1);
    }

    #[test]
    fn if_all_places_are_taken_the_longest_lane_gives_one_up() {
        let turns = FairQueue::new(1);
        let first = ask(&turns, 0).ok().unwrap();
        let lanes = u8::try_from(WAITING_MAX / OF_ONE_SUBNET_MAX).unwrap();
        let of_all = (1..=lanes).flat_map(|last| std::iter::repeat_n(last, OF_ONE_SUBNET_MAX));
        let mut crowd: Vec<_> = of_all.map(|last| wait(&turns, last)).collect();
        let mut good = wait(&turns, 100);
        crowd.retain_mut(|waiting| poll(waiting).is_pending());
        assert_eq!(crowd.len(), WAITING_MAX - 1, "one lost its place");
        drop(first);
        while has_turn(&mut good).is_none() {
            crowd.retain_mut(|waiting| poll(waiting).is_pending());
        }
        let begun = WAITING_MAX - 1 - crowd.len();
        assert!(begun <= usize::from(lanes), "{begun} before");
    }

    #[test]
    fn an_abandoned_turn_passes_to_the_next_waiter() {
        let turns = FairQueue::new(1);
        let first = ask(&turns, 1).ok().unwrap();
        let (given, mut last) = (wait(&turns, 1), wait(&turns, 1));
        drop(first);
        // This client was given a permit and leaves before it has taken it.
        drop(given);
        assert!(has_turn(&mut last).is_some());
    }
}
