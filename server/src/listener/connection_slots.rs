//! Decides which clients get a connection, and which idle connections are closed to make room for new ones.
//!
//! An idle connection costs its client nothing, so no client may occupy all slots with idle connections. When all slots
//! are taken, a new connection replaces an idle one: of the client with the most connections, the one that was used
//! longest ago. No client gets more than its share. Beyond that, a new connection replaces one of the client's own.
//!
//! Proxies make requests for many clients. Trusted proxies and this machine itself have no share, and their connections
//! are closed only when no other connection can be.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use service::LogThrottle;
use service::Subnet;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use crate::config::Network;

/// One client's share: a quarter of all slots, but at least enough for a few browsers where there are few slots.
const SHARE: usize = 4;
const SHARE_MIN: usize = 16;
/// How often to look for an idle connection while all are busy.
const RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// What the slots need to know of a connection.
pub(crate) trait Connection: Send + Sync {
    /// Whether a request is being answered on the connection.
    fn is_busy(&self) -> bool;
    /// How many requests the connection has had. The number may overflow.
    fn requests(&self) -> u32;
}

/// The connection slots of one port. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ConnectionSlots(Arc<Inner>);

struct Inner {
    total: usize,
    trusted: Vec<Network>,
    taken: Mutex<Taken>,
    /// Notified when a connection ends.
    ended: Notify,
}

/// The slot of one connection. Dropping it frees the slot.
pub(crate) struct Slot {
    places: ConnectionSlots,
    client: Client,
    number: Arc<AtomicU64>,
    /// Completes when the slot has been given to another connection.
    pub(crate) given_up: oneshot::Receiver<()>,
}

/// The unit to which a share belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Client {
    subnet: Subnet,
    is_trusted: bool,
}

impl ConnectionSlots {
    /// Creates `total` slots. Addresses in `trusted` belong to proxies that make requests for many clients.
    pub(crate) fn new(total: u32, trusted: &[Network]) -> Self {
        let (taken, ended) = (Mutex::default(), Notify::new());
        Self(Arc::new(Inner { total: total as usize, trusted: trusted.to_vec(), taken, ended }))
    }

    /// Waits for a slot for a new connection. Returns `None` if the client's whole share is busy.
    pub(crate) async fn take(&self, peer: IpAddr, occupied: Arc<dyn Connection>) -> Option<Slot> {
        let client = Client { subnet: Subnet::of(peer), is_trusted: self.is_trusted(peer) };
        loop {
            let ended = self.0.ended.notified();
            let room = self.lock().evict(client, self.0.total);
            match room {
                SlotState::Free => return Some(self.occupy(client, occupied)),
                SlotState::ShareIsUsed => {
                    warn_of_share(peer);
                    return None;
                }
                SlotState::AllAreUsed => {
                    let _ended_or_not = timeout(RETRY_INTERVAL, ended).await;
                }
            }
        }
    }

    /// Number of open connections.
    pub(crate) fn open_count(&self) -> usize {
        self.lock().open
    }

    fn occupy(&self, client: Client, occupied: Arc<dyn Connection>) -> Slot {
        let (sender, given_up) = oneshot::channel();
        let number = self.lock().insert(client, occupied, sender);
        Slot { places: self.clone(), client, number, given_up }
    }

    pub(crate) async fn all_ended(&self) {
        loop {
            let ended = self.0.ended.notified();
            if self.lock().open == 0 {
                return;
            }
            ended.await;
        }
    }

    fn is_trusted(&self, peer: IpAddr) -> bool {
        peer.to_canonical().is_loopback() || self.0.trusted.iter().any(|network| network.contains(peer))
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.places.lock().leave(self.client, self.number.load(Ordering::Relaxed));
        self.places.0.ended.notify_waiters();
    }
}

/// Logs, at most once a minute, that a client's connection was refused. The client may be a proxy that is missing from
/// `trusted_proxies`.
fn warn_of_share(peer: IpAddr) {
    static THROTTLE: LogThrottle = LogThrottle::once_a_minute();
    if let Some(left_out) = THROTTLE.should_log() {
        tracing::warn!(
            client.address = %peer.to_canonical(),
            left_out,
            "a client used its whole share of connections_max, and another connection of it was closed; if the client is a \
             proxy, add it to trusted_proxies"
        );
    }
}

#[derive(Debug, PartialEq, Eq)]
enum SlotState {
    Free,
    ShareIsUsed,
    AllAreUsed,
}

#[derive(Default)]
struct Taken {
    holders: HashMap<Client, SlotHolders>,
    places: usize,
    /// Open connections, including those that have lost their slot and are about to end.
    open: usize,
    last_number: u64,
}

impl Taken {
    /// Closes an idle connection if the newcomer needs its slot.
    fn evict(&mut self, newcomer: Client, total: usize) -> SlotState {
        let share = (total / SHARE).max(SHARE_MIN);
        let has_share = |holders: &SlotHolders| !newcomer.is_trusted && holders.0.len() >= share;
        if self.holders.get(&newcomer).is_some_and(has_share) {
            return if self.evict_from(newcomer) { SlotState::Free } else { SlotState::ShareIsUsed };
        }
        if self.places < total {
            return SlotState::Free;
        }
        // Order of eviction: first untrusted clients, then clients with many connections, then those with the
        // connection that was used longest ago.
        let order = |(client, holders): (&Client, &SlotHolders)| {
            (client.is_trusted, Reverse(holders.0.len()), holders.oldest(), *client)
        };
        let first = self
            .holders
            .iter()
            .map(order)
            .min_by_key(|(is_trusted, len, oldest, _)| (*is_trusted, *len, *oldest));
        if first.is_some_and(|(.., client)| self.evict_from(client)) {
            return SlotState::Free;
        }
        let mut rest: Vec<_> = self.holders.iter().map(order).collect();
        rest.sort_unstable_by_key(|(is_trusted, len, oldest, _)| (*is_trusted, *len, *oldest));
        if rest.into_iter().any(|(.., client)| self.evict_from(client)) {
            SlotState::Free
        } else {
            SlotState::AllAreUsed
        }
    }

    /// Takes the slot of an idle connection of this client. Returns whether there was one.
    fn evict_from(&mut self, client: Client) -> bool {
        let Some(holders) = self.holders.get_mut(&client) else { return false };
        let Some(holder) = holders.remove_idle(&mut self.last_number) else { return false };
        self.places -= 1;
        // Sending fails if the connection has just ended, which is fine.
        let _ = holder.give_up.send(());
        true
    }

    fn insert(
        &mut self,
        client: Client,
        occupied: Arc<dyn Connection>,
        give_up: oneshot::Sender<()>,
    ) -> Arc<AtomicU64> {
        self.places += 1;
        self.open += 1;
        self.last_number += 1;
        let number = Arc::new(AtomicU64::new(self.last_number));
        let holder =
            SlotHolder { number: Arc::clone(&number), requests_seen: occupied.requests(), occupied, give_up };
        self.holders.entry(client).or_default().0.insert(self.last_number, holder);
        number
    }

    fn leave(&mut self, client: Client, number: u64) {
        self.open -= 1;
        let Some(holders) = self.holders.get_mut(&client) else { return };
        if holders.0.remove(&number).is_some() {
            self.places -= 1;
        }
        if holders.0.is_empty() {
            self.holders.remove(&client);
        }
    }
}

/// A client's connections, ordered by number. A connection that turns out to have been used gets a new number, so the
/// first connection is the one that was used longest ago. No request has to read the clock for this.
#[derive(Default)]
struct SlotHolders(BTreeMap<u64, SlotHolder>);

struct SlotHolder {
    number: Arc<AtomicU64>,
    occupied: Arc<dyn Connection>,
    /// The number of requests when the connection was last examined.
    requests_seen: u32,
    give_up: oneshot::Sender<()>,
}

impl SlotHolders {
    fn oldest(&self) -> Option<u64> {
        self.0.keys().next().copied()
    }

    /// Removes and returns the first connection that is idle and was not used since it was last examined.
    fn remove_idle(&mut self, last_number: &mut u64) -> Option<SlotHolder> {
        // The second round finds every idle connection, because the first round has brought `requests_seen` up to date.
        (0..2).find_map(|_| {
            let (mut used, mut found) = (Vec::new(), None);
            for (number, holder) in &mut self.0 {
                let requests = holder.occupied.requests();
                if holder.requests_seen != requests {
                    holder.requests_seen = requests;
                    used.push(*number);
                } else if !holder.occupied.is_busy() {
                    found = Some(*number);
                    break;
                }
            }
            for holder in used.iter().filter_map(|number| self.0.remove(number)).collect::<Vec<_>>() {
                *last_number += 1;
                holder.number.store(*last_number, Ordering::Relaxed);
                self.0.insert(*last_number, holder);
            }
            found.and_then(|number| self.0.remove(&number))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU32};

    use super::*;

    #[derive(Default)]
    struct Fake {
        is_busy: AtomicBool,
        requests: AtomicU32,
    }

    impl Fake {
        fn begin(&self) {
            self.is_busy.store(true, Ordering::Relaxed);
            self.requests.fetch_add(1, Ordering::Relaxed);
        }

        fn end(&self) {
            self.is_busy.store(false, Ordering::Relaxed);
        }
    }

    impl Connection for Fake {
        fn is_busy(&self) -> bool {
            self.is_busy.load(Ordering::Relaxed)
        }

        fn requests(&self) -> u32 {
            self.requests.load(Ordering::Relaxed)
        }
    }

    struct Open {
        fake: Arc<Fake>,
        place: Slot,
    }

    impl Open {
        fn is_evicted(&mut self) -> bool {
            self.place.given_up.try_recv().is_ok()
        }
    }

    async fn open(places: &ConnectionSlots, peer: &str) -> Option<Open> {
        let fake = Arc::new(Fake::default());
        let place = places.take(peer.parse().unwrap(), Arc::clone(&fake) as _).await?;
        Some(Open { fake, place })
    }

    async fn many(places: &ConnectionSlots, peer: &str, number: usize) -> Vec<Open> {
        let mut all = Vec::new();
        for _ in 0..number {
            all.push(open(places, peer).await.unwrap());
        }
        all
    }

    fn evicted(all: &mut [Open]) -> Vec<usize> {
        all.iter_mut().enumerate().filter_map(|(n, one)| one.is_evicted().then_some(n)).collect()
    }

    #[tokio::test]
    async fn a_client_beyond_its_share_displaces_only_its_own_connections() {
        let places = ConnectionSlots::new(100, &[]);
        let mut crowd = many(&places, "2001:db8::1", 25).await;
        let mut other = many(&places, "192.0.2.1", 1).await;
        let _one = open(&places, "2001:db8::2").await.unwrap();
        crowd[1].fake.begin();
        let _another = open(&places, "2001:db8::3").await.unwrap();
        assert_eq!((evicted(&mut crowd), evicted(&mut other)), (vec![0, 2], vec![]));
        assert!(open(&places, "2001:db8:0:1::1").await.is_some(), "the next network is another client");
    }

    #[tokio::test]
    async fn a_client_that_uses_all_of_its_share_gets_no_more() {
        let places = ConnectionSlots::new(100, &[]);
        let crowd = many(&places, "192.0.2.1", 25).await;
        for one in &crowd {
            one.fake.begin();
        }
        assert!(open(&places, "::ffff:192.0.2.1").await.is_none());
        assert!(open(&places, "192.0.2.2").await.is_some());
        crowd[7].fake.end();
        assert!(open(&places, "192.0.2.1").await.is_some());
    }

    #[tokio::test]
    async fn trusted_clients_have_no_share_and_are_displaced_last() {
        let places = ConnectionSlots::new(100, &[Network::parse("::ffff:10.0.0.0/104").unwrap()]);
        let mut proxy = many(&places, "10.0.0.1", 50).await;
        let mut local = many(&places, "127.0.0.1", 40).await;
        let mut others = many(&places, "192.0.2.1", 5).await;
        let mut few = many(&places, "192.0.2.2", 5).await;
        let mut new = many(&places, "127.0.0.1", 8).await;
        assert_eq!((evicted(&mut others).len(), evicted(&mut few).len()), (4, 4), "who has most");
        let newer = many(&places, "10.0.0.2", 4).await;
        assert_eq!((evicted(&mut others).len(), evicted(&mut few).len()), (1, 1));
        assert_eq!(
            (evicted(&mut proxy), evicted(&mut local), evicted(&mut new)),
            (vec![0, 1], vec![], vec![])
        );
        drop(newer);
    }

    #[tokio::test]
    async fn connections_in_use_stay_and_recently_used_ones_go_last() {
        let places = ConnectionSlots::new(16, &[]);
        let mut all = many(&places, "127.0.0.1", 16).await;
        all[0].fake.begin();
        all[1].fake.begin();
        all[1].fake.end();
        let mut new = many(&places, "127.0.0.1", 14).await;
        assert_eq!(evicted(&mut all), (2..16).collect::<Vec<_>>());
        let _newer = open(&places, "127.0.0.1").await.unwrap();
        assert_eq!((evicted(&mut all), evicted(&mut new)), (vec![1], vec![]));
        let _newest = open(&places, "127.0.0.1").await.unwrap();
        assert_eq!((evicted(&mut all), evicted(&mut new)), (vec![], vec![0]));
    }

    #[tokio::test]
    async fn while_all_connections_are_in_use_a_new_one_waits() {
        let places = ConnectionSlots::new(2, &[]);
        let mut all = many(&places, "127.0.0.1", 2).await;
        for one in &all {
            one.fake.begin();
        }
        let waiting = tokio::spawn({
            let places = places.clone();
            async move { open(&places, "192.0.2.1").await.is_some() }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        all.pop();
        assert!(waiting.await.unwrap());
        all.pop();
        places.all_ended().await;
        assert!(places.lock().holders.is_empty() && places.lock().places == 0);
    }
}
