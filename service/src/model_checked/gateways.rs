//! Tests under many schedules that the gateway cache stays correct when reads and invalidations run concurrently. After
//! a change is acknowledged, no removed gateway is ever found again, and each new one is.

use std::sync::Arc;

use model::Timestamp;
use model::gateway::{Gateway, GatewayDraft};
use model::id::{GatewayId, OrganizationId};
use shuttle::sync::Mutex;
use shuttle::thread;

use super::gateway_cache::{GatewayCache, Subject};
use super::mirror::ReadEpoch;
use super::schedules::{Invalidated, Opening, schedules, try_schedules};

const ID: &str = "gw_a";

/// The change that is made while proxies ask.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Made,
    Removed,
}

struct Model {
    cache: GatewayCache,
    gateway: Arc<Gateway>,
    exists: Mutex<bool>,
}

impl Model {
    fn new(change: Step) -> Arc<Self> {
        let draft = GatewayDraft { name: Some("api".into()), ..GatewayDraft::default() };
        let (id, organization) = (GatewayId::from_random("a"), OrganizationId::from_random("o"));
        let gateway = draft.check().unwrap().into_gateway(id, organization, None, Timestamp::from_seconds(0));
        let exists = Mutex::new(change == Step::Removed);
        Arc::new(Self { cache: GatewayCache::default(), gateway: Arc::new(gateway), exists })
    }

    /// Whether the gateway is found. Does the same as the service.
    fn find(&self, opening: Opening) -> bool {
        let found = self.cache.find(ID, |gateway| gateway.is_some());
        found.unwrap_or_else(|| {
            let (epoch, exists) = self.read(opening);
            self.cache.insert(&epoch, ID, exists.then_some(&self.gateway));
            self.cache.mirror().end_read(&epoch);
            exists
        })
    }

    /// Reads the ids of all gateways, as the service does in the background.
    fn list(&self, opening: Opening) {
        let (epoch, exists) = self.read(opening);
        self.cache.insert_ids(&epoch, exists.then(|| ID.to_owned()).into_iter().collect());
        self.cache.mirror().end_read(&epoch);
    }

    fn read(&self, opening: Opening) -> (ReadEpoch, bool) {
        match opening {
            Opening::Before => (self.cache.mirror().begin_read(), *self.exists.lock().unwrap()),
            Opening::After => {
                let exists = *self.exists.lock().unwrap();
                (self.cache.mirror().begin_read(), exists)
            }
        }
    }

    /// Changes the row and applies the invalidation. Once this has returned, the change is acknowledged.
    fn change(&self, change: Step, reported: Invalidated) {
        *self.exists.lock().unwrap() = change == Step::Made;
        self.cache.apply(&[reported.of(Subject::Gateway(ID.to_owned()))]);
    }
}

/// One thread asks for the gateway, one reads the ids of all gateways, and one makes a change. Once the change is
/// acknowledged, it must be in effect and stay so.
fn race(change: Step, reported: Invalidated, opening: Opening, is_warm: bool) {
    let model = Model::new(change);
    let is_there = change == Step::Made;
    if is_warm {
        assert_ne!(model.find(Opening::Before), is_there);
    }
    let spawn = |run: fn(&Model, Opening)| {
        let model = Arc::clone(&model);
        thread::spawn(move || run(&model, opening))
    };
    let asking = spawn(|model, opening| {
        let _either_is_right_meanwhile = model.find(opening);
    });
    let listing = spawn(Model::list);
    let changer = {
        let model = Arc::clone(&model);
        thread::spawn(move || {
            model.change(change, reported);
            assert_eq!(model.find(opening), is_there, "not so after it was acknowledged");
        })
    };
    for thread in [changer, asking, listing] {
        thread.join().unwrap();
    }
    assert_eq!(model.find(opening), is_there, "acknowledged, and no longer so");
}

#[test]
fn a_changed_gateway_is_never_answered_from_old_data_under_every_schedule() {
    for change in [Step::Made, Step::Removed] {
        for reported in [Invalidated::ByName, Invalidated::AsEverything] {
            for is_warm in [false, true] {
                try_schedules(move || race(change, reported, Opening::Before, is_warm));
            }
        }
    }
}

/// Without read epochs that are opened first, the model must fail.
#[test]
#[should_panic(expected = "acknowledged")]
fn without_a_read_epoch_a_removed_gateway_is_found() {
    shuttle::check_random(|| race(Step::Removed, Invalidated::ByName, Opening::After, false), schedules());
}

#[test]
#[should_panic(expected = "acknowledged")]
fn without_a_read_epoch_a_new_gateway_is_not_found() {
    shuttle::check_random(|| race(Step::Made, Invalidated::ByName, Opening::After, false), schedules());
}
