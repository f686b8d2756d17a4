//! Who has a connection, and who gives it up for somebody else.
//!
//! A connection that waits for its client costs that client nothing, so nobody may hold all of them that way. When all
//! places are taken, one at rest gives way to a newcomer: the one that was used longest ago, of the client that has most. No
//! single client has more than its share; beyond it, a newcomer takes the place of one of its own.
//!
//! Proxies speak for many clients. Those that are trusted, and this machine itself, have no share, and give way only when
//! nobody else can.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use service::Subnet;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use crate::config::Network;
use crate::middleware::Seldom;

/// One client's share: a quarter of all places, but enough for a few browsers where there are few places.
const SHARE: usize = 4;
const SHARE_MIN: usize = 16;
/// Between two looks for one at rest while all are busy.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What is known of a connection from outside of it.
pub(crate) trait Occupied: Send + Sync {
    /// Whether a request is being answered on it.
    fn is_busy(&self) -> bool;
    /// How many requests there were, up to an overflow.
    fn requests(&self) -> u32;
}

/// The places for connections on one port. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Places(Arc<Inner>);

struct Inner {
    total: usize,
    trusted: Vec<Network>,
    taken: Mutex<Taken>,
    /// A connection has ended.
    ended: Notify,
}

/// A connection's place, until it is dropped.
pub(crate) struct Place {
    places: Places,
    client: Client,
    ticket: Arc<AtomicU64>,
    /// Done when the place has gone to somebody else.
    pub(crate) given_up: oneshot::Receiver<()>,
}

/// Who shares a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Client {
    subnet: Subnet,
    is_trusted: bool,
}

impl Places {
    /// So many places, and who speaks for many.
    pub(crate) fn new(total: u32, trusted: &[Network]) -> Self {
        let (taken, ended) = (Mutex::default(), Notify::new());
        Self(Arc::new(Inner { total: total as usize, trusted: trusted.to_vec(), taken, ended }))
    }

    /// Waits for a place for a new connection. Nothing if its client is using all of its share.
    pub(crate) async fn take(&self, peer: IpAddr, occupied: Arc<dyn Occupied>) -> Option<Place> {
        let client = Client { subnet: Subnet::of(peer), is_trusted: self.is_trusted(peer) };
        loop {
            let ended = self.0.ended.notified();
            let room = self.lock().make_room(client, self.0.total);
            match room {
                Room::Free => return Some(self.sit_down(client, occupied)),
                Room::ShareIsUsed => {
                    warn_of_share(peer);
                    return None;
                }
                Room::AllAreUsed => {
                    let _ended_or_not = timeout(LOOK_AGAIN, ended).await;
                }
            }
        }
    }

    fn sit_down(&self, client: Client, occupied: Arc<dyn Occupied>) -> Place {
        let (sender, given_up) = oneshot::channel();
        let ticket = self.lock().sit_down(client, occupied, sender);
        Place { places: self.clone(), client, ticket, given_up }
    }

    /// Waits until no connection is open.
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

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().leave(self.client, self.ticket.load(Ordering::Relaxed));
        self.places.0.ended.notify_waiters();
    }
}

/// Says now and then that somebody is let in no further: it may be a proxy.
fn warn_of_share(peer: IpAddr) {
    static SELDOM: Seldom = Seldom::new();
    if let Some(left_out) = SELDOM.may_say() {
        tracing::warn!(
            client.address = %peer.to_canonical(),
            left_out,
            "a client uses its whole share of connections_max, and a further connection of it was closed; if it is a \
             proxy, name it in trusted_proxies"
        );
    }
}

/// Whether there is a place for a newcomer.
#[derive(Debug, PartialEq, Eq)]
enum Room {
    Free,
    ShareIsUsed,
    AllAreUsed,
}

#[derive(Default)]
struct Taken {
    seats: HashMap<Client, Seats>,
    places: usize,
    /// Connections that are open, also those that have given way and are about to end.
    open: usize,
    last_ticket: u64,
}

impl Taken {
    /// Has somebody give way, if that is necessary.
    fn make_room(&mut self, newcomer: Client, total: usize) -> Room {
        let share = (total / SHARE).max(SHARE_MIN);
        let has_share = |seats: &Seats| !newcomer.is_trusted && seats.0.len() >= share;
        if self.seats.get(&newcomer).is_some_and(has_share) {
            return if self.take_from(newcomer) { Room::Free } else { Room::ShareIsUsed };
        }
        if self.places < total {
            return Room::Free;
        }
        // Those who are not trusted first, then who has most, then who was used longest ago.
        let order = |(client, seats): (&Client, &Seats)| {
            (client.is_trusted, Reverse(seats.0.len()), seats.oldest(), *client)
        };
        let first = self
            .seats
            .iter()
            .map(order)
            .min_by_key(|(is_trusted, len, oldest, _)| (*is_trusted, *len, *oldest));
        if first.is_some_and(|(.., client)| self.take_from(client)) {
            return Room::Free;
        }
        let mut rest: Vec<_> = self.seats.iter().map(order).collect();
        rest.sort_unstable_by_key(|(is_trusted, len, oldest, _)| (*is_trusted, *len, *oldest));
        if rest.into_iter().any(|(.., client)| self.take_from(client)) {
            Room::Free
        } else {
            Room::AllAreUsed
        }
    }

    /// Takes a place of a client that is at rest, if there is one.
    fn take_from(&mut self, client: Client) -> bool {
        let Some(seats) = self.seats.get_mut(&client) else { return false };
        let Some(seat) = seats.stand_up(&mut self.last_ticket) else { return false };
        self.places -= 1;
        // A connection that has just ended does not listen any more.
        let _ = seat.give_up.send(());
        true
    }

    fn sit_down(
        &mut self,
        client: Client,
        occupied: Arc<dyn Occupied>,
        give_up: oneshot::Sender<()>,
    ) -> Arc<AtomicU64> {
        self.places += 1;
        self.open += 1;
        self.last_ticket += 1;
        let ticket = Arc::new(AtomicU64::new(self.last_ticket));
        let seat =
            Seat { ticket: Arc::clone(&ticket), requests_seen: occupied.requests(), occupied, give_up };
        self.seats.entry(client).or_default().0.insert(self.last_ticket, seat);
        ticket
    }

    fn leave(&mut self, client: Client, ticket: u64) {
        self.open -= 1;
        let Some(seats) = self.seats.get_mut(&client) else { return };
        if seats.0.remove(&ticket).is_some() {
            self.places -= 1;
        }
        if seats.0.is_empty() {
            self.seats.remove(&client);
        }
    }
}

/// A client's connections by their tickets. Whoever was seen to be in use gets a new ticket, so that the first is the one
/// that was not used for longest, without a look at the clock for each request.
#[derive(Default)]
struct Seats(BTreeMap<u64, Seat>);

struct Seat {
    ticket: Arc<AtomicU64>,
    occupied: Arc<dyn Occupied>,
    /// How many requests there were when it was looked at last.
    requests_seen: u32,
    give_up: oneshot::Sender<()>,
}

impl Seats {
    fn oldest(&self) -> Option<u64> {
        self.0.keys().next().copied()
    }

    /// The first one at rest, which was not used since it was looked at last.
    fn stand_up(&mut self, last_ticket: &mut u64) -> Option<Seat> {
        // In the second round nobody is new to being looked at.
        (0..2).find_map(|_| {
            let (mut used, mut found) = (Vec::new(), None);
            for (ticket, seat) in &mut self.0 {
                let requests = seat.occupied.requests();
                if seat.requests_seen != requests {
                    seat.requests_seen = requests;
                    used.push(*ticket);
                } else if !seat.occupied.is_busy() {
                    found = Some(*ticket);
                    break;
                }
            }
            for seat in used.iter().filter_map(|ticket| self.0.remove(ticket)).collect::<Vec<_>>() {
                *last_ticket += 1;
                seat.ticket.store(*last_ticket, Ordering::Relaxed);
                self.0.insert(*last_ticket, seat);
            }
            found.and_then(|ticket| self.0.remove(&ticket))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU32};

    use super::*;

    /// A connection of a test.
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

    impl Occupied for Fake {
        fn is_busy(&self) -> bool {
            self.is_busy.load(Ordering::Relaxed)
        }

        fn requests(&self) -> u32 {
            self.requests.load(Ordering::Relaxed)
        }
    }

    struct Open {
        fake: Arc<Fake>,
        place: Place,
    }

    impl Open {
        fn has_given_way(&mut self) -> bool {
            self.place.given_up.try_recv().is_ok()
        }
    }

    async fn open(places: &Places, peer: &str) -> Option<Open> {
        let fake = Arc::new(Fake::default());
        let place = places.take(peer.parse().unwrap(), Arc::clone(&fake) as _).await?;
        Some(Open { fake, place })
    }

    async fn many(places: &Places, peer: &str, number: usize) -> Vec<Open> {
        let mut all = Vec::new();
        for _ in 0..number {
            all.push(open(places, peer).await.unwrap());
        }
        all
    }

    fn given_way(all: &mut [Open]) -> Vec<usize> {
        all.iter_mut().enumerate().filter_map(|(n, one)| one.has_given_way().then_some(n)).collect()
    }

    #[tokio::test]
    async fn a_client_beyond_its_share_takes_its_own_places() {
        let places = Places::new(100, &[]);
        let mut crowd = many(&places, "2001:db8::1", 25).await;
        let mut other = many(&places, "192.0.2.1", 1).await;
        let _one = open(&places, "2001:db8::2").await.unwrap();
        crowd[1].fake.begin();
        let _another = open(&places, "2001:db8::3").await.unwrap();
        assert_eq!((given_way(&mut crowd), given_way(&mut other)), (vec![0, 2], vec![]));
        assert!(open(&places, "2001:db8:0:1::1").await.is_some(), "the next network is another client");
    }

    #[tokio::test]
    async fn a_client_that_uses_all_of_its_share_gets_no_more() {
        let places = Places::new(100, &[]);
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
    async fn proxies_and_this_machine_have_no_share_and_give_way_last() {
        let places = Places::new(100, &[Network::parse("::ffff:10.0.0.0/104").unwrap()]);
        let mut proxy = many(&places, "10.0.0.1", 50).await;
        let mut local = many(&places, "127.0.0.1", 40).await;
        let mut others = many(&places, "192.0.2.1", 5).await;
        let mut few = many(&places, "192.0.2.2", 5).await;
        let mut new = many(&places, "127.0.0.1", 8).await;
        assert_eq!((given_way(&mut others).len(), given_way(&mut few).len()), (4, 4), "who has most");
        let newer = many(&places, "10.0.0.2", 4).await;
        assert_eq!((given_way(&mut others).len(), given_way(&mut few).len()), (1, 1));
        assert_eq!(
            (given_way(&mut proxy), given_way(&mut local), given_way(&mut new)),
            (vec![0, 1], vec![], vec![])
        );
        drop(newer);
    }

    #[tokio::test]
    async fn what_is_in_use_stays_and_what_was_used_lately_goes_last() {
        let places = Places::new(16, &[]);
        let mut all = many(&places, "127.0.0.1", 16).await;
        all[0].fake.begin();
        all[1].fake.begin();
        all[1].fake.end();
        let mut new = many(&places, "127.0.0.1", 14).await;
        assert_eq!(given_way(&mut all), (2..16).collect::<Vec<_>>());
        let _newer = open(&places, "127.0.0.1").await.unwrap();
        assert_eq!((given_way(&mut all), given_way(&mut new)), (vec![1], vec![]));
        let _newest = open(&places, "127.0.0.1").await.unwrap();
        assert_eq!((given_way(&mut all), given_way(&mut new)), (vec![], vec![0]));
    }

    #[tokio::test]
    async fn while_all_are_in_use_a_newcomer_waits_for_an_end() {
        let places = Places::new(2, &[]);
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
        assert!(places.lock().seats.is_empty() && places.lock().places == 0);
    }
}
